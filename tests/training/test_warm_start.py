"""Tests for `dcgan/training/warm_start.py`: starting a run with the weights of a model."""

from __future__ import annotations

import pytest
import torch

from dcgan.checkpoint import load_generator, save_discriminator, save_generator
from dcgan.config import ModelConfig, make_config
from dcgan.errors import CheckpointError, ConfigError
from dcgan.models import make_networks
from dcgan.store import ModelStore
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


def test_an_unusable_model_is_refused(store):
    """A missing model, one without a D, and a setting that differs from the model's shape are errors."""
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
