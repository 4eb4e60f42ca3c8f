"""Models by name."""

from __future__ import annotations

import os

import pytest

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.models import make_networks
from dcgan.store import ModelStore

G, D = make_networks(ModelConfig(image_size=32, nz=4, ngf=2, ndf=2), 0)


@pytest.fixture
def store(tmp_path):
    save_generator(tmp_path / "checkpoints" / "faces" / "generator.safetensors", G, {})
    for nimg in (0, 900, 12_000):
        save_generator(tmp_path / "runs" / "r1" / "snapshots" / f"{nimg:09d}.safetensors", G, {})
    save_discriminator(tmp_path / "runs" / "r1" / "discriminator.safetensors", D, {})
    (tmp_path / "runs" / "empty").mkdir()
    return ModelStore(tmp_path / "checkpoints", tmp_path / "runs")


def test_names(store):
    """Checkpoints come first, then runs that have a snapshot; folders without a model are no models."""
    assert store.names() == ["faces", "run:r1"]


def test_run_means_its_newest_snapshot(store):
    """run:ID is the snapshot with the most pictures; its D and directions lie in the run's folder."""
    assert store.generator_path("run:r1").name == "000012000.safetensors"
    assert store.discriminator_path("run:r1") == store.runs / "r1" / "discriminator.safetensors"
    assert store.directions_path("run:r1").parent == store.runs / "r1"
    assert store.nearest_path("run:r1").parent == store.runs / "r1"
    assert store.discriminator_path("faces") is None


def test_best_of_a_run(store):
    """best:ID is what the run's best/ folder holds, and is listed after the run once it is there."""
    with pytest.raises(CheckpointError, match="no model"):
        store.generator_path("best:r1")
    save_generator(store.runs / "r1" / "best" / "generator.safetensors", G, {})
    save_discriminator(store.runs / "r1" / "best" / "discriminator.safetensors", D, {})
    assert store.names() == ["faces", "run:r1", "best:r1"]
    assert store.generator_path("best:r1").parent == store.discriminator_path("best:r1").parent
    assert store.directions_path("best:r1").parent == store.runs / "r1" / "best"


@pytest.mark.parametrize(
    "name", ["none", "", "../faces", "run:../r1", "run:empty", "run:", "best:../r1", "/etc/passwd", "a/b", "."]
)
def test_unknown_names_list_the_known(store, name):
    """No name leads out of the folders; a wrong one is answered with those there are."""
    with pytest.raises(CheckpointError, match="faces, run:r1"):
        store.generator_path(name)


def test_version_changes_with_the_file(store):
    """A newer snapshot, or a replaced file, has another version."""
    first = store.version("run:r1")
    assert store.version("run:r1") == first
    save_generator(store.runs / "r1" / "snapshots" / "000013000.safetensors", G, {})
    second = store.version("run:r1")
    os.utime(store.generator_path("run:r1"), ns=(1, 1))
    assert len({first, second, store.version("run:r1")}) == 3
