"""Precision, recall, density and coverage on sets small enough to count by hand."""

import torch

from dcgan.metrics.prdc import NAMES, prdc, prdc_scores, radii


def scores(fakes: list[float], reals: list[float], k: int = 1) -> dict[str, float]:
    """The four scores of numbers on a line."""
    x, y = torch.tensor(fakes).view(-1, 1), torch.tensor(reals).view(-1, 1)
    return dict(zip(NAMES, prdc_scores(x, y, radii(y, k), k).tolist(), strict=True))


def test_radii_reach_the_kth_neighbour():
    """On 0, 1, 3, 7 the first neighbours are 1, 1, 2, 4 away, the second 3, 2, 3, 6."""
    line = torch.tensor([0.0, 1.0, 3.0, 7.0]).view(-1, 1)
    assert radii(line, 1).tolist() == [1, 1, 2, 4]
    assert radii(line, 2).tolist() == [3, 2, 3, 6]


def test_precision_recall_density_and_coverage_of_a_small_example():
    """Reals 0, 1, 10, 11 own balls of radius 1; of the fakes 0.5, 0.6, 0.7, 30, three lie in both of 0's and 1's."""
    result = scores([0.5, 0.6, 0.7, 30.0], [0.0, 1.0, 10.0, 11.0])
    assert result["precision"] == 0.75  # 30 lies in no ball
    assert result["density"] == 6 / 4  # three fakes in two balls each, over four fakes and k = 1
    assert result["coverage"] == 0.5  # the balls of 0 and 1 hold a fake
    assert (
        result["recall"] == 0.75
    )  # the outlier 30 has a ball of 29.3, which takes in 1, 10 and 11: recall falls for it


def test_equal_sets_score_full_marks():
    """A set against itself: precision, recall and coverage 1."""
    rows = torch.randn(200, 4, generator=torch.Generator().manual_seed(0))
    result = prdc(rows, rows)
    assert [result[name].score for name in ("precision", "recall", "coverage")] == [1.0, 1.0, 1.0]


def test_coverage_of_one_distribution_is_what_the_paper_derives():
    """For equal distributions and N = M, coverage is about 1 − 2^−k (arXiv 2002.09797, section 3.3), density 1."""
    rng = torch.Generator().manual_seed(0)
    result = prdc(torch.randn(1000, 8, generator=rng), torch.randn(1000, 8, generator=rng), k=5)
    assert abs(result["coverage"].score - (1 - 2**-5)) < 0.02
    assert abs(result["density"].score - 1) < 0.07
    assert 0 < result["coverage"].error < 0.02


def test_a_missing_mode_lowers_coverage_and_not_precision():
    """Fakes on one of two clusters: every one is plausible, half of the reals stay uncovered."""
    rng = torch.Generator().manual_seed(0)
    reals = torch.randn(400, 4, generator=rng)
    reals[200:] += 50
    result = prdc(torch.randn(400, 4, generator=rng), reals)
    assert result["coverage"].score <= 0.5
    assert result["precision"].score > 0.9
