"""Tests for `dcgan/training/widen.py`: wider networks that compute the same."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.models import make_networks
from dcgan.training.widen import widen_into

NARROW = ModelConfig(image_size=32, nc=1, nz=6, ngf=4, ndf=4, d_norm="none")


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("d_norm", ["none", "batch"])
def test_wide_networks_compute_the_same(times, d_norm):
    """G and D have the same outputs as before, in eval mode and in train mode."""
    narrow = dataclasses.replace(NARROW, d_norm=d_norm)
    pairs = list(
        zip(
            make_networks(narrow, 1),
            make_networks(dataclasses.replace(narrow, ngf=4 * times, ndf=4 * times), 2),
            (torch.randn(8, 6), torch.rand(8, 1, 32, 32) * 2 - 1),
            strict=True,
        )
    )
    for old, new, x in pairs:
        widen_into(old, new)
        for mode in (True, False):
            torch.testing.assert_close(new.train(mode)(x), old.train(mode)(x), atol=1e-5, rtol=1e-5)


def test_copied_channels_get_different_gradients():
    """The copies of a channel get different gradients, so that they differ after the first step."""
    wide = make_networks(dataclasses.replace(NARROW, ngf=8), 2)[0]
    widen_into(make_networks(NARROW, 1)[0], wide)
    wide(torch.randn(8, 6)).square().sum().backward()
    for layer in (wide.main[0], wide.main[3]):
        first, second = layer.weight.grad.chunk(2, dim=1)
        assert not torch.allclose(first, second, rtol=0.01)


def test_a_width_that_is_no_multiple_is_refused():
    """Six channels cannot be copies of four."""
    with pytest.raises(ValueError, match="no whole multiple"):
        widen_into(make_networks(NARROW, 1)[0], make_networks(dataclasses.replace(NARROW, ngf=6), 2)[0])
