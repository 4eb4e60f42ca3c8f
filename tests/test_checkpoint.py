"""Model files: what is stored comes back, what is wrong is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from dcgan.checkpoint import FORMAT_VERSION, load_discriminator, load_generator, save_discriminator, save_generator
from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.models import make_networks

ROOT = Path(__file__).resolve().parents[1]

SMALL = ModelConfig(image_size=32, nc=1, nz=5, ngf=4, ndf=4, d_norm="none")


def test_generator_round_trip(tmp_path):
    """A stored G rebuilds itself from the file alone, in eval mode, equal to half precision; `info` comes back."""
    G, D = make_networks(SMALL, 3)
    path = tmp_path / "m" / "generator.safetensors"
    save_generator(path, G, {"nimg": 7, "data": "doodles"})
    loaded = load_generator(path)
    assert loaded.config == SMALL and loaded.info == {"nimg": 7, "data": "doodles"} and not loaded.G.training
    for name, tensor in G.state_dict().items():
        assert torch.equal(loaded.G.state_dict()[name], tensor.half().to(tensor.dtype))
    save_discriminator(tmp_path / "d.safetensors", D, {})
    x = torch.randn(2, 1, 32, 32)
    torch.testing.assert_close(load_discriminator(tmp_path / "d.safetensors")(x), D.eval()(x), atol=1e-2, rtol=1e-2)


def test_tutorial_size_stays_below_ten_megabytes(tmp_path):
    """The tutorial's G is stored in under 10 MiB, so that a Space takes it without large-file storage."""
    path = tmp_path / "g.safetensors"
    save_generator(path, make_networks(ModelConfig(), 0)[0], {})
    assert path.stat().st_size < 8 * 2**20


def rewrite(path, tensors=None, **header):
    """Store the file again with some of its tensors or header changed."""
    with safe_open(path, framework="pt") as file:
        old = json.loads(file.metadata()["dcgan"])
    save_file(tensors or load_file(path), path, metadata={"dcgan": json.dumps({**old, **header})})


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "g.safetensors"
    save_generator(path, make_networks(SMALL, 0)[0], {})
    return path


def test_missing_file(tmp_path):
    """A path with nothing there is named."""
    with pytest.raises(CheckpointError, match="no model file"):
        load_generator(tmp_path / "none.safetensors")


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 100, (10**15).to_bytes(8, "little") + b"{}"])
def test_damaged_file(tmp_path, content):
    """Bytes that are no safetensors file raise a sentence, whatever they are."""
    path = tmp_path / "g.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="not a readable"):
        load_generator(path)


def test_truncated_file(stored):
    """A file cut short is damaged, not half a model."""
    stored.write_bytes(stored.read_bytes()[:-100])
    with pytest.raises(CheckpointError):
        load_generator(stored)


def test_foreign_safetensors(tmp_path):
    """A safetensors file of another program, and a D where a G is wanted, are told apart."""
    save_file({"w": torch.zeros(1)}, tmp_path / "x.safetensors")
    with pytest.raises(CheckpointError, match="not a generator"):
        load_generator(tmp_path / "x.safetensors")
    save_discriminator(tmp_path / "d.safetensors", make_networks(SMALL, 0)[1], {})
    with pytest.raises(CheckpointError, match="not a generator"):
        load_generator(tmp_path / "d.safetensors")


def test_newer_format(stored):
    """A file of a later format asks for a newer program."""
    rewrite(stored, format=FORMAT_VERSION + 1)
    with pytest.raises(CheckpointError, match="newer"):
        load_generator(stored)


@pytest.mark.parametrize("model", [{"image_size": 7}, {"wings": 2}, "big", None])
def test_impossible_configuration(stored, model):
    """A header whose configuration no network has is refused before anything is built."""
    rewrite(stored, model=model)
    with pytest.raises(CheckpointError):
        load_generator(stored)


def test_weights_that_do_not_fit(stored):
    """Missing, left-over, misshapen and non-finite weights are each named."""
    good = load_file(stored)
    first = "main.0.weight"
    for change, word in [
        ({k: v for k, v in good.items() if k != first}, "lacks"),
        ({**good, "extra": torch.zeros(1)}, "extra"),
        ({**good, first: torch.zeros(1)}, "shape"),
        ({**good, first: torch.full_like(good[first], torch.nan)}, "NaN"),
    ]:
        rewrite(stored, change)
        with pytest.raises(CheckpointError, match=word):
            load_generator(stored)


def test_shipped_models_name_no_folder():
    """The files that ship say what they were trained on, but not where it lay."""
    files = sorted((ROOT / "checkpoints").glob("*/*.safetensors"))
    assert {"faces", "doodles"} <= {path.parent.name for path in files}
    for path in files:
        with safe_open(path, framework="pt") as file:
            header = json.loads(file.metadata()["dcgan"])
        data = str(header.get("info", {}).get("data", ""))
        assert "/" not in data and "\\" not in data, path
