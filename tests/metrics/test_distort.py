"""Blur and noise have the stated strength, and change nothing at strength 0."""

import torch

from dcgan.metrics.distort import blur, noise


def pictures(n: int = 20, nc: int = 3) -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    small = torch.rand(n, nc, 8, 8, generator=rng) * 255
    return torch.nn.functional.interpolate(small, size=(32, 32), mode="bilinear").to(torch.uint8)


def test_strength_zero_changes_nothing():
    """With sigma 0 the pictures are returned unchanged."""
    for nc in (1, 3):
        x = pictures(nc=nc)
        assert torch.equal(blur(x, 0), x)
        assert torch.equal(noise(x, 0), x)


def test_blur_keeps_flat_pictures_and_lowers_contrast():
    """A flat picture stays; the deviation of others falls with sigma."""
    flat = torch.full((1, 3, 32, 32), 90, dtype=torch.uint8)
    assert torch.equal(blur(flat, 3), flat)
    spreads = [blur(pictures(), sigma).float().std().item() for sigma in (0, 1, 2, 4)]
    assert spreads == sorted(spreads, reverse=True)


def test_noise_has_the_deviation_asked_for():
    """On mid gray, sigma 20 gives a deviation of 20 gray levels."""
    gray = torch.full((50, 1, 32, 32), 128, dtype=torch.uint8)
    assert abs(noise(gray, 20).float().std().item() - 20) < 0.3


def test_blur_is_the_convolution_with_a_gaussian():
    """On random pictures: the separable Gaussian window of ± 3 sigma, the rim repeated."""
    x, sigma, radius = pictures(), 1.5, 4
    taps = torch.exp(-(torch.arange(-radius, radius + 1, dtype=torch.float64) ** 2) / (2 * sigma**2))
    weight = torch.outer(taps, taps) / taps.sum() ** 2
    padded = torch.nn.functional.pad(x.double(), (radius,) * 4, mode="replicate")
    expected = torch.nn.functional.conv2d(padded, weight.expand(3, 1, -1, -1), groups=3)
    assert (blur(x, sigma).double() - expected).abs().max() < 0.51
