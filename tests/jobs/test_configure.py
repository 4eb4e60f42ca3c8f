"""Tests for `dcgan/jobs/configure.py`: from a request to a run's configuration."""

from __future__ import annotations

import pytest

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import ModelConfig, make_config
from dcgan.errors import CheckpointError, ConfigError
from dcgan.jobs.configure import configure, fit_intervals
from dcgan.models import make_networks
from dcgan.store import ModelStore


def test_a_short_run_has_short_intervals():
    """A short length in kimg shortens the intervals of grids, models and states; a chosen interval stays."""
    asked = {"kimg": "8", "state_every": 5000}
    config = fit_intervals(make_config("tutorial", "doodles", asked), asked)
    assert (config.sample_every, config.snapshot_every, config.state_every) == (400, 1000, 5000)
    shortest = fit_intervals(make_config("tutorial", "doodles", {"kimg": 0.01}))
    assert (shortest.log_every, shortest.sample_every) == (128, 128)
    for preset, overrides in (("quick", {"kimg": 100_000}), ("recommended", {})):
        usual = make_config(preset, "doodles", overrides)
        assert fit_intervals(usual) == usual


def test_an_initial_model_gives_its_shape(tmp_path):
    """Whatever is known once the model is: the shape, how many pictures it has seen; a wrong value is refused."""
    G, D = make_networks(ModelConfig(image_size=32, nz=6, ngf=4, ndf=4), 0)
    save_generator(tmp_path / "checkpoints" / "small" / "generator.safetensors", G, {"nimg": 300})
    save_discriminator(tmp_path / "checkpoints" / "small" / "discriminator.safetensors", D, {})
    store = ModelStore(tmp_path / "checkpoints", tmp_path / "runs")
    config = configure("doodles", "quick", {"init": "small", "ndf": 8}, store)
    assert config.model == ModelConfig(image_size=32, nz=6, ngf=4, ndf=8)
    assert config.init == "small" and config.init_seen == 300
    with pytest.raises(ConfigError, match="nz is 6 in the model small"):
        configure("doodles", "quick", {"init": "small", "nz": 7}, store)
    with pytest.raises(CheckpointError, match="no model 'none'"):
        configure("doodles", "quick", {"init": "none"}, store)
