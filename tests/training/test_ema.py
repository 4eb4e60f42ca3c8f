"""Tests for `dcgan/training/ema.py`: the average of G."""

from __future__ import annotations

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.latent.seeds import z_from_seeds
from dcgan.models import make_networks
from dcgan.training.ema import CALIBRATION_SEEDS, make_ema, recalibrate_batchnorm, update_ema


@pytest.fixture
def pair():
    G, _ = make_networks(ModelConfig(image_size=32, nz=4, ngf=2, ndf=2), 0)
    G_ema = make_ema(G)
    with torch.no_grad():
        for tensor in G.state_dict().values():
            tensor.add_(1)
    return G, G_ema


def test_half_life(pair):
    """After a half-life of pictures the distance to a G that stands still has halved, statistics included."""
    G, G_ema = pair
    before = {name: t.clone() for name, t in G_ema.state_dict().items()}
    for _ in range(10):
        update_ema(G_ema, G, batch=100, nimg=10**9, half_life=1000, rampup=0.05)
    for name, tensor in G_ema.state_dict().items():
        if tensor.is_floating_point():
            torch.testing.assert_close(tensor, before[name] + 0.5)
    assert torch.equal(G_ema.state_dict()["main.1.num_batches_tracked"], G.state_dict()["main.1.num_batches_tracked"])


def test_zero_half_life_is_a_copy(pair):
    """Without averaging G_ema is G itself."""
    G, G_ema = pair
    update_ema(G_ema, G, batch=32, nimg=32, half_life=0, rampup=0.05)
    assert all(torch.equal(a, b) for a, b in zip(G.state_dict().values(), G_ema.state_dict().values(), strict=True))


def test_ramp_up_shortens_the_half_life_at_first(pair):
    """Early in a run the half-life is a share of the pictures seen, so the initial weights lose their influence."""
    G, G_ema = pair
    start = G_ema.state_dict()["main.0.weight"].clone()
    update_ema(G_ema, G, batch=100, nimg=100, half_life=10_000, rampup=0.05)
    moved = (G_ema.state_dict()["main.0.weight"] - start).mean().item()
    assert moved == pytest.approx(1 - 0.5 ** (100 / 5))


def test_recalibration_replaces_the_batchnorm_statistics(pair):
    """The first BatchNorm gets the statistics of the first layer's outputs; the averaged G itself is unchanged."""
    G, _ = pair
    before = {name: t.clone() for name, t in G.state_dict().items()}
    recalibrated = recalibrate_batchnorm(G)
    out = G.main[0](z_from_seeds(CALIBRATION_SEEDS, 4)[:, :, None, None])
    torch.testing.assert_close(recalibrated.main[1].running_mean, out.mean(dim=(0, 2, 3)), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(recalibrated.main[1].running_var, out.var(dim=(0, 2, 3)), atol=1e-5, rtol=1e-4)
    assert not recalibrated.training and all(torch.equal(t, before[name]) for name, t in G.state_dict().items())
    assert torch.equal(recalibrate_batchnorm(G).main[4].running_var, recalibrated.main[4].running_var)
