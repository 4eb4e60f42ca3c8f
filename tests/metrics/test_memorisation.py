"""The ratio of distances tells copies from fresh samples."""

import torch

from dcgan.metrics.memorisation import memorisation, nearest


def rows(n: int, seed: int) -> torch.Tensor:
    return torch.randn(n, 6, generator=torch.Generator().manual_seed(seed))


def test_nearest_names_the_row():
    """The nearest of points on a line agree with those found by hand, also across chunks."""
    x, others = torch.tensor([[0.0], [5.0]]), torch.tensor([[-1.0], [4.5], [9.0]])
    distance, index = nearest(x, others, chunk=2)
    assert distance.tolist() == [1.0, 0.5]
    assert index.tolist() == [0, 1]


def test_copies_score_zero_exactly():
    """Every fake a training picture: the ratio is 0, also where features are large and close."""
    train = rows(300, 0) * 1e-3 + 100
    assert memorisation(train[:50], train, rows(300, 1) * 1e-3 + 100).score == 0.0


def test_fresh_samples_score_as_fresh_samples():
    """Same distribution, as many training as unseen pictures: 1 within 4 errors."""
    score, error = memorisation(rows(500, 2), rows(500, 0), rows(500, 1))
    assert abs(score - 1) < 4 * error + 0.02


def test_more_copies_score_lower():
    """The ratio falls as more of the fakes are copies: none, a quarter, half, all."""
    train, fresh, unseen = rows(400, 0), rows(200, 2), rows(400, 1)
    scores = [memorisation(torch.cat([train[:k], fresh[k:]]), train, unseen).score for k in (0, 50, 100, 200)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == 0
