"""What tests of the command line share."""

from __future__ import annotations

import numpy as np
import pytest

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import ModelConfig
from dcgan.models import make_networks


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A checkpoint "small", a place for runs, and an npy data set."""
    G, D = make_networks(ModelConfig(image_size=32, nz=6, ngf=4, ndf=4), 0)
    save_generator(tmp_path / "checkpoints" / "small" / "generator.safetensors", G, {"nimg": 5, "data": "doodles"})
    save_discriminator(tmp_path / "checkpoints" / "small" / "discriminator.safetensors", D, {})
    (tmp_path / "data").mkdir()
    np.save(tmp_path / "data" / "train.npy", np.random.default_rng(0).integers(0, 256, (32, 32, 70), dtype=np.uint8))
    monkeypatch.setenv("DCGAN_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("DCGAN_RUNS", str(tmp_path / "runs"))
    return tmp_path
