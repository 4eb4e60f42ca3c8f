"""The kernel distance against sums written out and against distributions that are known."""

import torch

from dcgan.metrics.kid import kernel, kid, mmd2


def gaussian(n: int, d: int, seed: int) -> torch.Tensor:
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_kernel_is_the_cubic_one():
    """(xᵀy / d + 1)³ for x = (1, 2), y = (3, 4): (11 / 2 + 1)³."""
    assert kernel(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])).item() == 6.5**3


def test_the_estimate_is_the_papers_sum():
    """The matrix form equals the double sums of eq. 4, which leave out each picture's pair with itself."""
    x, y = gaussian(5, 3, 0), gaussian(4, 3, 1)

    def k(a: torch.Tensor, b: torch.Tensor) -> float:
        return float((a @ b / 3 + 1) ** 3)

    xx = sum(k(x[i], x[j]) for i in range(5) for j in range(5) if i != j) / 20
    yy = sum(k(y[i], y[j]) for i in range(4) for j in range(4) if i != j) / 12
    xy = sum(k(a, b) for a in x for b in y) / 20
    assert abs(mmd2(x, y).item() - (xx + yy - 2 * xy)) < 1e-10


def test_one_distribution_scores_zero_within_its_error():
    """Two samples of one distribution: unbiased, so the mean over repetitions is 0 within 3 of its own errors."""
    scores = [kid(gaussian(200, 8, 2 * i), gaussian(200, 8, 2 * i + 1), subset=50).score for i in range(40)]
    values = torch.tensor(scores)
    assert values.mean().abs() < 3 * values.std() / 40**0.5
    assert values.min() < 0 < values.max(), "an unbiased estimate of zero takes both signs"


def test_the_error_is_the_spread_between_repetitions():
    """The stated standard error agrees, within a factor of 1.6, with the scatter of repeated measurements."""
    estimates = [kid(gaussian(400, 8, 2 * i) + 0.3, gaussian(400, 8, 2 * i + 1), subset=50) for i in range(40)]
    scatter = torch.tensor([e.score for e in estimates]).std().item()
    stated = torch.tensor([e.error for e in estimates]).mean().item()
    assert 1 / 1.6 < stated / scatter < 1.6


def test_a_growing_shift_scores_worse():
    """The further the mean moves, the higher the score."""
    x, y = gaussian(500, 8, 0), gaussian(500, 8, 1)
    scores = [kid(x + shift, y).score for shift in (0.0, 0.2, 0.4, 0.8)]
    assert scores == sorted(scores)
