"""Tests for `dcgan/training/warm_start.py`: starting a run with the weights of a model."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from dcgan.checkpoint import load_generator, save_discriminator, save_generator
from dcgan.config import ModelConfig, make_config
from dcgan.errors import CheckpointError, ConfigError
from dcgan.models import make_networks
from dcgan.store import ModelStore
from dcgan.training.runlog import RunLog
from dcgan.training.step import make_state
from dcgan.training.warm_start import warm_start

MODEL = ModelConfig(image_size=32, nc=1, nz=6, ngf=4, ndf=4, d_norm="none")


@pytest.fixture
def store(tmp_path):
    G, D = make_networks(MODEL, 7)
    for name in ("small", "blind"):
        save_generator(tmp_path / "checkpoints" / name / "generator.safetensors", G, {"nimg": 300, "seen": 1300})
    save_discriminator(tmp_path / "checkpoints" / "small" / "discriminator.safetensors", D, {})
    return ModelStore(tmp_path / "checkpoints", tmp_path / "runs")


def test_the_run_starts_with_the_models_weights(store):
    """The run has the model's shape, not the preset's; G, its average and D have the model's weights."""
    config, load_weights = warm_start(make_config("tutorial", "doodles", {"init": "small"}), store, {"init"})
    assert config.model == MODEL and config.ema_rampup == 0 and config.init_seen == 1300
    state = make_state(config, torch.device("cpu"))
    load_weights(state)
    G, D = make_networks(MODEL, 7)
    for ours, theirs in ((state.G, G), (state.G_ema, G), (state.D, D)):
        for name, tensor in theirs.state_dict().items():
            torch.testing.assert_close(ours.state_dict()[name], tensor, atol=1e-3, rtol=1e-3)


def test_a_run_begins_with_both_networks_of_a_moment(store):
    """run:ID@NIMG gives G and D of that snapshot, not the D of the newest."""
    log = RunLog(store.runs / "r")
    networks = {nimg: make_networks(MODEL, nimg) for nimg in (100, 200)}
    for nimg, (G, D) in networks.items():
        log.snapshot(nimg, G, D, {"nimg": nimg}, keep=8)
    config, load_weights = warm_start(make_config("quick", "doodles", {"init": "run:r@100"}), store, {"init"})
    assert config.init_seen == 100
    state = make_state(config, torch.device("cpu"))
    load_weights(state)
    for ours, theirs in ((state.G, networks[100][0]), (state.D, networks[100][1])):
        for name, tensor in theirs.state_dict().items():
            torch.testing.assert_close(ours.state_dict()[name], tensor, atol=1e-3, rtol=1e-3)


def test_a_model_that_cannot_be_continued_is_refused(store):
    """A missing model, one without its D, and a setting that the model has fixed otherwise are each refused."""
    with pytest.raises(CheckpointError, match="no model 'none'"):
        warm_start(make_config("quick", "doodles", {"init": "none"}), store, {"init"})
    with pytest.raises(ConfigError, match="no discriminator"):
        warm_start(make_config("quick", "doodles", {"init": "blind"}), store, {"init"})
    with pytest.raises(ConfigError, match=r"ngf is 4 in the model small.*whole multiple"):
        warm_start(make_config("quick", "doodles", {"init": "small", "ngf": 6}), store, {"init", "ngf"})
    with pytest.raises(ConfigError, match="nz is 6 in the model small; leave it out, or"):
        warm_start(make_config("quick", "doodles", {"init": "small", "nz": 12}), store, {"init", "nz"})


def test_a_model_is_widened(store):
    """With twice the model's ngf the run starts with a wider G that draws the same pictures."""
    asked = {"init": "small", "ngf": 8, "ndf": 12}
    config, load_weights = warm_start(make_config("quick", "doodles", asked), store, set(asked))
    assert (config.model.ngf, config.model.ndf) == (8, 12)
    state = make_state(config, torch.device("cpu"))
    load_weights(state)
    z = torch.randn(4, 6)
    theirs = load_generator(store.generator_path("small")).G(z)
    torch.testing.assert_close(state.G_ema(z), theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("widths", [{}, {"ngf": 8, "ndf": 12}])
def test_a_bias_of_only_one_network_is_kept(store, widths):
    """An imported G with a bias at its end, beside a D without one, begins a run that draws the same pictures."""
    G, _ = make_networks(dataclasses.replace(MODEL, d_norm="batch", bias=True), 7)
    torch.nn.init.constant_(G.main[-2].bias, 0.5)
    save_generator(store.checkpoints / "biased" / "generator.safetensors", G, {})
    plain = make_networks(dataclasses.replace(MODEL, d_norm="batch"), 7)[1]
    save_discriminator(store.checkpoints / "biased" / "discriminator.safetensors", plain, {})
    asked = {"init": "biased", **widths}
    config, fill = warm_start(make_config("tutorial", "doodles", asked), store, set(asked))
    state = make_state(config, torch.device("cpu"))
    fill(state)
    z, x = torch.randn(4, 6), torch.randn(4, MODEL.nc, MODEL.image_size, MODEL.image_size)
    torch.testing.assert_close(state.G.eval()(z), G.eval()(z), atol=1e-2, rtol=1e-2)
    torch.testing.assert_close(state.D.eval()(x), plain.eval()(x), atol=1e-2, rtol=1e-2)
