"""The Fréchet distance against its closed forms."""

import torch

from dcgan.metrics.frechet import frechet, gaussian, gaussian_distance


def test_commuting_covariances_have_a_closed_form():
    """Diagonal Gaussians: |μa − μb|² + Σ (σa − σb)²."""
    sigma_a, sigma_b = torch.tensor([1.0, 2.0, 3.0]).double(), torch.tensor([2.0, 2.0, 0.5]).double()
    mean_a, mean_b = torch.zeros(3).double(), torch.tensor([1.0, -1.0, 2.0]).double()
    expected = (mean_a - mean_b).square().sum() + (sigma_a - sigma_b).square().sum()
    got = gaussian_distance(mean_a, torch.diag(sigma_a**2), mean_b, torch.diag(sigma_b**2))
    assert torch.isclose(got, expected, atol=1e-10)


def test_a_rotation_changes_nothing():
    """Distance is the same in any orthonormal basis, with covariances that do not commute too."""
    rng = torch.Generator().manual_seed(0)
    a, b = (torch.randn(4, 4, generator=rng, dtype=torch.float64) for _ in range(2))
    turn = torch.linalg.qr(torch.randn(4, 4, generator=rng, dtype=torch.float64)).Q
    cov_a, cov_b, zero = a @ a.T, b @ b.T, torch.zeros(4).double()
    plain = gaussian_distance(zero, cov_a, zero, cov_b)
    turned = gaussian_distance(zero, turn @ cov_a @ turn.T, zero, turn @ cov_b @ turn.T)
    # The root of a product that is not symmetric, straight from its complex eigenvalues.
    direct = cov_a.trace() + cov_b.trace() - 2 * torch.linalg.eigvals(cov_a @ cov_b).sqrt().real.sum()
    assert torch.isclose(plain, turned, atol=1e-9)
    assert torch.isclose(plain, direct, atol=1e-9)


def test_a_singular_covariance_is_no_obstacle():
    """One picture repeated: the distance is |Δμ|² + tr Σ of the other set."""
    rng = torch.Generator().manual_seed(0)
    reals = torch.randn(50, 6, generator=rng)
    mean, covariance = gaussian(reals)
    expected = (1 - mean).square().sum() + covariance.trace()
    assert abs(frechet(torch.ones(50, 6), reals).score - expected.item()) < 1e-6


def test_equal_sets_are_at_zero_and_a_shift_at_its_square():
    """The same rows: 0. Rows moved by 2 in each of 6 dimensions: 24."""
    reals = torch.randn(100, 6, generator=torch.Generator().manual_seed(0))
    assert abs(frechet(reals, reals).score) < 1e-6
    assert abs(frechet(reals + 2, reals).score - 24) < 1e-4
