"""Models by name."""

from __future__ import annotations

import os

import pytest

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.models import make_networks
from dcgan.store import ModelStore, run_of

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


def test_a_snapshot_of_a_run_is_named_by_its_pictures(store):
    """run:ID@NIMG is that snapshot, with or without zeros in front; its D is its own, the index and directions not."""
    snapshots = store.runs / "r1" / "snapshots"
    for name in ("run:r1@900", "run:r1@000000900"):
        assert store.generator_path(name) == snapshots / "000000900.safetensors"
    assert store.generator_path("run:r1@0").name == "000000000.safetensors"
    save_discriminator(snapshots / "discriminator-000000900.safetensors", D, {})
    assert store.discriminator_path("run:r1@900") == snapshots / "discriminator-000000900.safetensors"
    assert store.directions_path("run:r1@900") == store.directions_path("run:r1")
    assert store.encoder_path("run:r1@900") == snapshots / "encoder-000000900.safetensors"
    assert store.nearest_path("run:r1@900") == store.nearest_path("run:r1")
    assert store.version("run:r1@900") != store.version("run:r1") == store.version("run:r1@12000")
    assert store.generator_path("run:r1").name == "000012000.safetensors", "companions are no snapshots"


def test_a_name_that_stays_while_the_run_goes_on(store):
    """run:ID is pinned to the newest snapshot of now; moments, checkpoints and unknown names stay as they are."""
    names = ["run:r1", "run:r1@900", "faces", "run:empty", "best:r1", "run:../r1", ""]
    assert [store.pinned(name) for name in names] == ["run:r1@12000", *names[1:]]
    assert [store.newest_moment(name) for name in names] == [12_000, 12_000, None, None, None, None, None]
    assert [run_of(name) for name in names] == ["r1", "r1", "", "empty", "", "", ""]


def test_the_newest_snapshot_has_the_runs_encoder(store):
    """An encoder that was trained for run:ID serves the same model under its pinned name, and no older one."""
    of_run = store.runs / "r1" / "encoder.safetensors"
    assert store.encoder_path("run:r1") == store.encoder_path("run:r1@12000") == of_run
    assert store.encoder_path("run:r1@900").parent.name == "snapshots"


def test_a_snapshot_has_no_other_snapshots_discriminator(store):
    """The run's D belongs to the newest snapshot; an older one without its own D has none."""
    assert store.discriminator_path("run:r1@12000") == store.runs / "r1" / "discriminator.safetensors"
    assert store.discriminator_path("run:r1@900") is None


@pytest.mark.parametrize("name", ["run:r1@5", "run:empty@0", "run:nothing@900"])
def test_a_moment_that_is_not_kept_is_answered_with_those_that_are(store, name):
    """The sentence lists the picture counts of the run's snapshots."""
    kept = "0, 900, 12000" if name.startswith("run:r1") else "none"
    with pytest.raises(CheckpointError, match=f"keeps those after: {kept}."):
        store.generator_path(name)


@pytest.mark.parametrize(
    "name",
    [
        "run:r1@",
        "run:r1@-1",
        "run:r1@9x",
        "run:../r1@900",
        "best:r1@900",
        "r1@900",
        "run:r1@²",
        "none",
        "",
        "../faces",
        "run:../r1",
        "run:empty",
        "run:",
        "best:../r1",
        "/etc/passwd",
        "a/b",
        ".",
    ],
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
