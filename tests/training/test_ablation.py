"""The table of ingredients: every variant is a recipe, and a run that is there is not trained again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dcgan.cli import main
from dcgan.config import make_config
from dcgan.errors import RequestError
from dcgan.training.ablation import VARIANTS, variant_config

SMALL = {"image_size": 64, "nc": 1, "nz": 6, "ngf": 2, "ndf": 2, "threads": 1, "precision": "fp32"}


@pytest.fixture
def folder(tmp_path):
    """A folder with train.npy and test.npy of random gray pictures."""
    for name, count in (("train", 80), ("test", 40)):
        pictures = np.random.default_rng(count).integers(0, 256, (64, 64, count), dtype=np.uint8)
        np.save(tmp_path / f"{name}.npy", pictures)
    return tmp_path


def test_every_variant_changes_what_it_names_and_nothing_else():
    """A variant's configuration is the recommended one but for its own settings; the tutorial's is the tutorial's."""
    plain = dataclasses.asdict(variant_config("recommended", "doodles", 24, {}))
    for name, changes in VARIANTS.items():
        if "preset" in changes:
            continue
        config = dataclasses.asdict(variant_config(name, "doodles", 24, {}))
        flat, base = ({**values, **values["model"]} for values in (config, plain))
        differing = {key for key in flat if key != "model" and flat[key] != base[key]}
        assert differing == set(changes), name
    tutorial = variant_config("tutorial", "doodles", 24, {})
    assert (tutorial.loss, tutorial.lr_g, tutorial.batch) == ("bce", 2e-4, make_config("tutorial", "doodles").batch)


def test_an_unknown_variant_is_named():
    """A name that is no variant is refused with those there are."""
    with pytest.raises(RequestError, match="cutout"):
        variant_config("magic", "doodles", 24, {})


@pytest.mark.slow
def test_the_table_is_trained_once_and_scored(folder, monkeypatch, capsys):
    """Each variant has a line with its scores; a second call trains nothing and prints the same."""
    monkeypatch.setenv("DCGAN_CHECKPOINTS", str(folder / "checkpoints"))
    arguments = ["ablate", "--data", f"npy:{folder}?split=train", "--runs", str(folder / "runs"), "--kimg", "0.128"]
    arguments += ["--only", "recommended", "deviation", "no-r2", "--out", str(folder / "table.md")]
    arguments += [part for name, value in SMALL.items() for part in ("--set", f"{name}={value}")]
    assert main(arguments) == 0
    first = (folder / "table.md").read_text()
    assert [line.split("|")[1].strip() for line in first.splitlines()[2:]] == ["recommended", "deviation", "no-r2"]
    assert "mbstd 8" in first and "nan" not in first.lower()
    written = {path: path.stat().st_mtime_ns for path in (folder / "runs").rglob("*.safetensors")}
    assert len(written) >= 3
    assert main(arguments) == 0
    assert (folder / "table.md").read_text() == first
    assert written == {path: path.stat().st_mtime_ns for path in (folder / "runs").rglob("*.safetensors")}
