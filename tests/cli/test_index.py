"""`python -m dcgan index`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dcgan.cli import main
from dcgan.metrics.features import trained_extractor
from dcgan.metrics.nearest import load_index

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(folders, monkeypatch):
    """A folder with the model "small", and 130 pictures as train.npy."""
    pictures = np.random.default_rng(1).integers(0, 256, (32, 32, 130), dtype=np.uint8)
    np.save(folders / "data" / "train.npy", pictures)
    monkeypatch.setattr("dcgan.metrics.nearest.SAMPLES", 20)
    return folders


def test_an_index_lies_beside_its_model(place, capsys):
    """Five sixths of the pictures are indexed, a sixth is held out, and the file names no folder."""
    assert main(["index", "--model", "small", "--data", f"npy:{place / 'data'}"]) == 0
    path = place / "checkpoints" / "small" / "nearest.safetensors"
    assert "109 of 109 pictures" in capsys.readouterr().out
    index = load_index(path, trained_extractor())
    assert len(index.features) == 109 and len(index.held_out) == 21 and len(index.samples) == 20
    assert str(place).encode() not in path.read_bytes()


def test_failures_are_sentences(place, capsys):
    """No such data, no data named, too few pictures: status 1 and one line."""
    np.save(place / "data" / "train.npy", np.zeros((32, 32, 60), dtype=np.uint8))
    for arguments, words in (
        (["--data", "npy:/nowhere"], "no folder"),
        (["--data", f"npy:{place / 'data'}"], "take more pictures"),
        (["--model", "nobody"], "no model"),
    ):
        assert main(["index", "--model", "small", *arguments]) == 1
        error = capsys.readouterr().err
        assert words in error and error.startswith("dcgan: ") and len(error.strip().splitlines()) == 1
    assert not (place / "checkpoints" / "small" / "nearest.safetensors").exists()


def test_the_page_reads_lines_and_leaves_no_orphan(place):
    """--lines prints stage and progress; closing standard input ends the command early."""
    arguments = [
        sys.executable,
        "-m",
        "dcgan",
        "index",
        "--model",
        "small",
        "--data",
        f"npy:{place / 'data'}",
        "--lines",
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ)
    news = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"reading the training pictures", "comparing the training pictures"} <= {item["doing"] for item in news}
    assert news[-1]["progress"] == 1
    ended = subprocess.run(
        [*arguments, "--stop-with-stdin"], stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, env=os.environ
    )
    assert ended.returncode == 1
