"""From a model's name and a data set's to a report, and which pictures count as held out."""

import json

import numpy as np
import pytest
import torch

from dcgan.checkpoint import save_generator
from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError, DatasetError
from dcgan.metrics.report import evaluate_checkpoint, train_extractor, train_factor_reader
from dcgan.metrics.split import split_dataset
from dcgan.models import Generator
from dcgan.store import ModelStore


def blobs(n: int, seed: int, nc: int = 1) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    small = torch.rand(n, nc, 6, 6, generator=rng) * 255
    return torch.nn.functional.interpolate(small, size=(64, 64), mode="bilinear").to(torch.uint8)


@pytest.fixture
def folder(tmp_path):
    """A folder with train.npy (100 pictures) and test.npy (60), height × width × count."""
    place = tmp_path / "set"
    place.mkdir()
    for name, n, seed in (("train", 100, 0), ("test", 60, 1)):
        np.save(place / f"{name}.npy", blobs(n, seed)[:, 0].permute(1, 2, 0).numpy())
    return place


@pytest.fixture
def store(tmp_path) -> ModelStore:
    """One untrained gray model, "tiny", in tmp_path/models."""
    torch.manual_seed(0)
    path = tmp_path / "models" / "tiny" / "generator.safetensors"
    save_generator(path, Generator(ModelConfig(nc=1, nz=8, ngf=4, ndf=4)), {"nimg": 1234})
    return ModelStore(tmp_path / "models", tmp_path / "runs")


def test_train_and_test_arrays_are_told_apart_whatever_split_is_named(folder):
    """Both files there: one to learn from, one held out, also where the spec names the training split."""
    for spec in (f"npy:{folder}", f"npy:{folder}?split=train", f"npy:{folder}?layout=hwn"):
        split = split_dataset(spec, 64, 1)
        assert torch.equal(split.train, blobs(100, 0)) and torch.equal(split.held_out, blobs(60, 1))
        assert split.unseen


def test_a_single_array_gives_up_a_fixed_sixth_and_says_so(folder):
    """100 pictures: 16 held out, always the same, none in both parts; the note says what that does to the scores."""
    (folder / "test.npy").unlink()
    a, b = (split_dataset(f"npy:{folder}", 64, 1) for _ in range(2))
    assert (len(a.train), len(a.held_out)) == (84, 16)
    assert torch.equal(a.held_out, b.held_out)
    assert len(torch.cat([a.train, a.held_out]).unique(dim=0)) == 100
    assert not a.unseen and "the scores are slightly too good" in a.note


def test_doodles_are_held_out_by_drawing_fresh_ones(tmp_path, monkeypatch):
    """The next seed's, none of which is in the set."""
    monkeypatch.setenv("DCGAN_CACHE", str(tmp_path))
    monkeypatch.setattr("dcgan.metrics.split.DOODLES_HELD_OUT", 40)
    split = split_dataset("doodles:60?seed=3")
    assert (len(split.train), len(split.held_out)) == (60, 40)
    assert "seed 4" in split.note
    assert len(torch.cat([split.train, split.held_out]).unique(dim=0)) == 100


def test_a_model_is_measured_by_name_or_by_file(folder, store):
    """Both give the same rows; the report names model, data and pictures seen, as Markdown and as JSON."""
    by_name = evaluate_checkpoint("tiny", f"npy:{folder}", store, n=48)
    by_file = evaluate_checkpoint(store.generator_path("tiny"), f"npy:{folder}", store, n=48)
    assert by_name.report.rows == by_file.report.rows
    text = by_name.to_markdown()
    assert "**tiny** on set, 1,234 pictures seen" in text and "| KID × 1000 | trained |" in text
    assert json.loads(json.dumps(by_name.to_dict()))["report"]["pictures"] == 48
    assert by_name.factors is None
    with pytest.raises(CheckpointError, match="tiny"):
        evaluate_checkpoint("absent", f"npy:{folder}", store)


def test_a_model_of_doodles_is_asked_what_it_draws(tmp_path, monkeypatch):
    """Values and pairs of values, beside what real doodles show and how well the reader reads."""
    monkeypatch.setenv("DCGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("dcgan.metrics.split.DOODLES_HELD_OUT", 100)
    path = tmp_path / "generator.safetensors"
    save_generator(path, Generator(ModelConfig(nz=8, ngf=4, ndf=4)), {})
    report = evaluate_checkpoint(path, "doodles:100", ModelStore(tmp_path, tmp_path), n=64)
    assert report.factors is not None
    assert report.factors.score.values_drawn < report.factors.floor.values_drawn
    assert "Never drawn: " in report.to_markdown() and "accuracy" in report.to_markdown()


def test_the_networks_are_trained_by_command_on_training_pictures_alone(folder, tmp_path):
    """The feature network's header says on how many; pictures without factors train no reader."""
    from dcgan.checkpoint import read_header

    np.save(folder / "train.npy", blobs(200, 0)[:, 0].permute(1, 2, 0).numpy())
    path = train_extractor([f"npy:{folder}"], tmp_path / "f.safetensors", steps=1)
    assert read_header(path, "features")["info"]["data"] == "200 of set"
    with pytest.raises(DatasetError, match="no known factors"):
        train_factor_reader(f"npy:{folder}", tmp_path / "r.safetensors")
