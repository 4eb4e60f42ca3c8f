"""A model as a zip of its folder."""

from __future__ import annotations

import io
import zipfile

import pytest
import torch
from run_folders import write_run

from dcgan.checkpoint import load_discriminator, load_generator, save_generator
from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.exporting import model_zip
from dcgan.models import make_networks
from dcgan.store import ModelStore


@pytest.fixture
def store(tmp_path):
    """A run "r" with two snapshots, and a checkpoint "small" with a card, private pictures and no discriminator."""
    write_run(tmp_path / "runs", "r")
    G, _ = make_networks(ModelConfig(image_size=32, nz=6, ngf=4, ndf=4), 0)
    folder = tmp_path / "checkpoints" / "small"
    save_generator(folder / "generator.safetensors", G, {"nimg": 5, "data": "folder:/secret/place", "loss": "hinge"})
    (folder / "README.md").write_text("# The card\n")
    return ModelStore(tmp_path / "checkpoints", tmp_path / "runs")


def unpacked(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(folder)
        return file.namelist()


def test_a_zip_of_a_moment_is_a_checkpoint(store):
    """Unpacked among the checkpoints it is the same two networks with their facts; the card tells its training."""
    names = unpacked(model_zip(store, "run:r@2000", "r-2000"), store.checkpoints)
    assert names == ["r-2000/README.md", "r-2000/discriminator.safetensors", "r-2000/generator.safetensors"]
    ours, theirs = (load_generator(store.generator_path(name)) for name in ("r-2000", "run:r@2000"))
    assert ours.info == theirs.info and ours.config == theirs.config
    for name, tensor in theirs.G.state_dict().items():
        assert torch.equal(ours.G.state_dict()[name], tensor)
    D, other = (load_discriminator(store.discriminator_path(name)) for name in ("r-2000", "run:r@2000"))
    assert all(torch.equal(D.state_dict()[name], tensor) for name, tensor in other.state_dict().items())
    card = (store.checkpoints / "r-2000" / "README.md").read_text()
    assert "trained on 2,000 pictures of the data set `doodles:64`" in card and "32 × 32" in card


def test_a_zip_has_the_models_card_and_names_no_folder(store, tmp_path):
    """What the model was trained on is left out where it lies in a folder; its own card is the zip's."""
    names = unpacked(content := model_zip(store, "small", "small"), tmp_path / "there")
    assert names == ["small/README.md", "small/generator.safetensors"] and b"secret" not in content
    assert (tmp_path / "there" / "small" / "README.md").read_text() == "# The card\n"
    info = load_generator(tmp_path / "there" / "small" / "generator.safetensors").info
    assert info == {"nimg": 5, "loss": "hinge"}


def test_an_unknown_model_is_no_zip(store):
    """The sentence lists the models there are."""
    with pytest.raises(CheckpointError, match="run:r"):
        model_zip(store, "none", "none")
