"""Spoiled pictures: as many as reals, each one wrong as a whole and real in its parts."""

from __future__ import annotations

import pytest
import torch

from dcgan.negatives import corrupt, mix_parts, warp


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def pictures(n, nc=1, side=32):
    """Pictures with a slope of their own each, so that no part of one is found in another."""
    ramp = torch.linspace(-0.8, 0.8, side)
    return torch.stack([(ramp[:, None] * (i + 1) / n + 0.1 * ramp).expand(nc, side, side) for i in range(n)])


@pytest.mark.parametrize("n", [2, 5, 8])
@pytest.mark.parametrize("nc", [1, 3])
def test_each_real_gives_one_corrupted_picture(n, nc):
    """Shapes and range stay, every picture is changed, and the given random generator decides everything."""
    reals = pictures(n, nc)
    spoiled = corrupt(reals, rng())
    assert spoiled.shape == reals.shape and spoiled.abs().max() <= 1.001
    assert torch.equal(spoiled, corrupt(reals, rng()))
    assert not torch.equal(spoiled, corrupt(reals, rng(1)))
    assert ((spoiled - reals).abs().amax((1, 2, 3)) > 0.01).all()


def test_a_mixed_picture_is_partly_itself_and_partly_another():
    """At one place it is the picture, at another the other one in the picture's light, and nowhere beyond the two."""
    a = torch.randn(16, 1, 32, 32, generator=rng(1)) * 0.2
    b = torch.randn(16, 1, 32, 32, generator=rng(2)) * 0.05 + 0.4
    out = mix_parts(a, b, rng())
    matched = (b - b.mean((1, 2, 3), keepdim=True)) / b.std((1, 2, 3), keepdim=True)
    matched = matched * a.std((1, 2, 3), keepdim=True) + a.mean((1, 2, 3), keepdim=True)
    is_own, is_other = ((out - source).abs() < 0.01 for source in (a, matched))
    own_share, other_share = (found.float().mean((1, 2, 3)) for found in (is_own, is_other))
    assert (own_share > 0.05).all() and (other_share > 0.05).all()
    low, high = torch.minimum(a, matched), torch.maximum(a, matched)
    assert ((out >= low - 1e-5) & (out <= high + 1e-5)).all()


def test_a_picture_is_never_mixed_with_itself():
    """With two pictures the other one is the second, whatever is drawn."""
    reals = torch.stack([torch.zeros(1, 16, 16), torch.randn(1, 16, 16, generator=rng(5)) * 0.3])
    reals[0] = reals[1].flip(1)
    for seed in range(20):
        first = corrupt(reals, rng(seed))[0]
        assert not torch.allclose(first, reals[0], atol=0.05)


def test_bending_moves_columns_by_some_pixels():
    """Each position of a bent picture shows a column from nearby: some pixels away, not from anywhere."""
    columns = torch.linspace(-0.9, 0.9, 64).expand(20, 1, 64, 64)
    moved = (warp(columns, rng()) - columns)[..., 8:-8] / (1.8 / 63)
    assert 0.5 < moved.abs().mean() < 5 and moved.abs().max() < 20
    assert abs(moved.mean()) < 1.5


def test_a_flat_picture_gives_finite_numbers():
    """A picture without contrast does not lead to a division by zero."""
    assert torch.isfinite(corrupt(torch.zeros(4, 3, 16, 16), rng())).all()
