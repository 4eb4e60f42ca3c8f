"""The sliced Wasserstein distance: zero on equal sets, growing with damage, and the closed form of a shift."""

import pytest
import torch
from torch.nn import functional as F

from dcgan.metrics.distort import blur, noise
from dcgan.metrics.swd import laplacian_pyramid, patches, sliced_wasserstein, swd


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    """Smooth coloured blobs with some fine detail, uint8 [128, 3, 64, 64]."""
    rng = torch.Generator().manual_seed(0)
    total = torch.zeros(128, 3, 64, 64)
    for side, weight in ((4, 60.0), (16, 30.0), (64, 15.0)):
        layer = torch.randn(128, 3, side, side, generator=rng) * weight
        total += F.interpolate(layer, size=(64, 64), mode="bilinear")
    return (total + 128).clamp(0, 255).to(torch.uint8)


def test_a_shift_is_its_mean_projection():
    """Moving every row by v moves each projection by v·u, so the distance is the mean of |v·u|."""
    rng = torch.Generator().manual_seed(0)
    rows, v = torch.randn(300, 5, generator=rng), torch.tensor([1.0, -2.0, 0.5, 0.0, 3.0])
    unit = F.normalize(torch.randn(5, 64, generator=rng), dim=0)
    assert torch.isclose(sliced_wasserstein(rows + v, rows, unit), (v @ unit).abs().mean(), atol=1e-5)


def test_the_pyramid_has_the_papers_levels_and_no_mean_but_the_last():
    """64 → bands of 64, 32 and 16 pixels; a flat picture is all in the last one."""
    bands = laplacian_pyramid(torch.full((2, 1, 64, 64), 7.0))
    assert [band.shape[-1] for band in bands] == [64, 32, 16]
    assert max(bands[0].abs().max(), bands[1].abs().max()) < 1e-5
    assert torch.allclose(bands[2], torch.tensor(7.0))


def test_patches_are_cut_from_the_picture_and_standardised():
    """A ramp's patches all have the same steps inside; over all patches each channel has mean 0, deviation 1."""
    ramp = torch.arange(32.0).expand(4, 2, 32, 32)
    rows = patches(ramp, 10, torch.Generator().manual_seed(0)).view(40, 7, 7, 2)
    steps = rows[:, :, 1:] - rows[:, :, :-1]
    assert torch.allclose(steps, steps[0, 0, 0, 0].expand_as(steps), atol=1e-5)
    assert rows.mean(dim=(0, 1, 2)).abs().max() < 1e-5
    assert torch.allclose(rows.std(dim=(0, 1, 2)), torch.ones(2), atol=1e-4)


def test_equal_sets_are_at_distance_zero(pictures):
    """The same pictures in the same order: exactly 0 on every level."""
    assert {level: score for level, (score, _) in swd(pictures, pictures).items()} == dict.fromkeys(
        ("64", "32", "16", "mean"), 0.0
    )


def test_damage_grows_the_distance(pictures):
    """More blur and more noise are further away, from other pictures of the same kind."""
    a, b = pictures[:64], pictures[64:]
    for damage, strengths in ((blur, (0.0, 1.0, 3.0)), (noise, (0.0, 20.0, 60.0))):
        distances = [swd(damage(a, strength), b)["mean"].score for strength in strengths]
        assert distances == sorted(distances), damage.__name__
