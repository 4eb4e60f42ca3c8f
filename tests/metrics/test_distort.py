"""Damage does what its name says, and nothing at strength zero."""

import torch

from dcgan.metrics.distort import blur, copy_in, drop_modes, noise, swirl


def pictures(n: int = 20, nc: int = 3) -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    small = torch.rand(n, nc, 8, 8, generator=rng) * 255
    return torch.nn.functional.interpolate(small, size=(32, 32), mode="bilinear").to(torch.uint8)


def test_strength_zero_changes_nothing():
    """Blur 0, noise 0, swirl 0, all modes, no copies."""
    for nc in (1, 3):
        x = pictures(nc=nc)
        assert torch.equal(blur(x, 0), x)
        assert torch.equal(noise(x, 0), x)
        assert torch.equal(swirl(x, 0), x)
        assert torch.equal(drop_modes(x, 1), x)
        assert torch.equal(copy_in(x, x, 0), x)


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


def test_swirl_turns_the_centre_and_keeps_the_rim():
    """Corners stay, the middle changes."""
    x = pictures()
    turned = swirl(x, 2.0)
    assert torch.equal(turned[..., 0, 0], x[..., 0, 0])
    assert (turned[..., 10:22, 10:22].float() - x[..., 10:22, 10:22].float()).abs().mean() > 5


def test_dropping_modes_leaves_as_many_pictures_of_fewer_kinds():
    """Half: at most ten different pictures; zero: one, repeated."""
    x = pictures()
    assert len(drop_modes(x, 0.5)) == 20
    assert len(drop_modes(x, 0.5).unique(dim=0)) <= 10
    assert len(drop_modes(x, 0).unique(dim=0)) == 1


def test_copies_replace_the_first_pictures():
    """Half of them: ten pictures close to a training picture, ten untouched."""
    x, train = pictures(), pictures(40)[20:]
    mixed = copy_in(x, train, 0.5)
    assert torch.equal(mixed[10:], x[10:])
    away = (mixed[:10, None].float() - train[None].float()).abs().mean(dim=(2, 3, 4)).amin(dim=1)
    assert away.max() < 4
