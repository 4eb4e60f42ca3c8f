"""Multi-scale structural similarity: its fixed points and its direction."""

import torch

from dcgan.metrics.distort import noise
from dcgan.metrics.msssim import C1, WEIGHTS, ms_ssim, pair_similarity


def pictures(n: int, side: int = 64) -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    small = torch.rand(n, 3, 8, 8, generator=rng) * 255
    return torch.nn.functional.interpolate(small, size=(side, side), mode="bilinear").to(torch.uint8)


def test_a_picture_equals_itself():
    """Similarity 1, gray or colour, at 32, 64 and 128 pixels."""
    for side in (32, 64, 128):
        x = pictures(4, side)
        assert torch.allclose(ms_ssim(x, x), torch.ones(4).double(), atol=1e-9)
        assert torch.allclose(ms_ssim(x[:, :1], x[:, :1]), torch.ones(4).double(), atol=1e-9)


def test_flat_pictures_differ_by_luminance_alone():
    """Flat 50 against flat 100: structure is equal, so only the coarsest scale's luminance term is left."""
    a, b = (torch.full((1, 1, 64, 64), value, dtype=torch.uint8) for value in (50, 100))
    luminance = (2 * 50 * 100 + C1) / (50**2 + 100**2 + C1)
    assert abs(ms_ssim(a, b).item() - luminance ** WEIGHTS[-1]) < 1e-9


def test_it_is_symmetric_and_falls_with_noise():
    """s(a, b) = s(b, a); the more noise, the less alike."""
    x = pictures(16)
    assert torch.allclose(ms_ssim(x, noise(x, 20)), ms_ssim(noise(x, 20), x))
    values = [ms_ssim(x, noise(x, sigma)).mean().item() for sigma in (0, 10, 30, 90)]
    assert values == sorted(values, reverse=True)


def test_a_collapse_scores_above_the_real_pictures():
    """One picture repeated: 1; pictures that differ: well below."""
    x = pictures(40)
    assert pair_similarity(x[:1].expand(40, -1, -1, -1)).score > 0.999
    assert pair_similarity(x).score < 0.6
