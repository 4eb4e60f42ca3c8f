"""Doodles are drawn once and then read from the cache."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest
import torch

from dcgan.data import doodle_set, doodles, open_dataset
from dcgan.data.doodle_set import open_doodles
from dcgan.data.spec import parse
from dcgan.errors import DatasetError


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An own cache folder for each test."""
    monkeypatch.setenv("DCGAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "doodles"


@pytest.fixture
def drawn(monkeypatch) -> list[int]:
    """The counts that were really drawn, in order."""
    counts: list[int] = []
    real = doodles.make_doodles

    def counted(count, seed, size, on_progress=None):
        counts.append(count)
        return real(count, seed, size, on_progress)

    monkeypatch.setattr(doodle_set.doodles, "make_doodles", counted)
    return counts


def same(a, b) -> bool:
    """Whether two data sets hold the same pictures and factors."""
    return torch.equal(a.pictures, b.pictures) and all(torch.equal(a.factors[n], b.factors[n]) for n in a.factors)


def test_a_second_opening_comes_from_the_cache(cache, drawn):
    """What was drawn is kept whole, with its factors, and not drawn again; the caller hears the end either way."""
    first = open_dataset("doodles:20", 32)
    seen: list[tuple[int, int]] = []
    second = open_dataset("doodles:20?seed=0", 32, 3, lambda done, total: seen.append((done, total)))
    assert drawn == [20]
    assert seen == [(20, 20)]
    assert same(first, second)
    assert first.pictures.shape == (20, 3, 32, 32)
    assert set(first.factors) == set(doodles.FACTORS)
    assert first.name == "doodles"
    assert not first.grayscale
    assert [path.suffix for path in cache.iterdir()] == [".npz"], "no temporary file is left behind"


def test_the_cache_keeps_what_is_different_apart(cache, drawn, monkeypatch):
    """Another count, seed or size is another file; so is another version of the drawing code."""
    for spec, size in (("doodles:4", 32), ("doodles:5", 32), ("doodles:4?seed=1", 32), ("doodles:4", 64)):
        open_dataset(spec, size)
    assert drawn == [4, 5, 4, 4]
    assert len(list(cache.iterdir())) == 4
    monkeypatch.setattr(doodle_set, "_version", lambda: "other")
    open_dataset("doodles:4", 32)
    assert len(drawn) == 5


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other", "shape"])
def test_a_damaged_cache_is_made_anew(cache, drawn, damage):
    """Half a file, a flipped byte, a foreign file: the doodles are drawn again, right, and kept again."""
    first = open_dataset("doodles:20", 32)
    (path,) = cache.iterdir()
    content = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "other":
        np.savez(path, pictures=np.zeros(3))
    else:
        np.savez(path, pictures=np.zeros((20, 3, 16, 16), np.uint8), factors=np.zeros((1, 20), np.int64))
    assert same(first, open_dataset("doodles:20", 32))
    assert same(first, open_dataset("doodles:20", 32))
    assert drawn == [20, 20]


def test_a_folder_that_cannot_be_written_is_said_not_fatal(tmp_path, monkeypatch):
    """Without a place for the cache the doodles are still drawn, and the description says they were not kept."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DCGAN_CACHE", str(tmp_path / "file"))
    dataset = open_dataset("doodles:3", 32)
    assert dataset.count == 3
    assert "not cached" in dataset.description


def test_the_cache_does_not_grow_without_bound(cache):
    """Beyond the limit the sets not used for longest go; the newest stays, and what alone is too large is not kept."""
    one = 10 * 3 * 32 * 32

    def open_limited(seed: int) -> None:
        open_doodles(parse(f"doodles:10?seed={seed}"), "", 32, 3, limit=3 * one)

    for seed in range(2):
        open_limited(seed)
    past = time.time() - 1000
    for age, path in enumerate(sorted(cache.iterdir())):
        os.utime(path, (past - age, past - age))
    open_limited(1)  # used again, so seed 0 is the oldest now
    open_limited(2)
    assert sorted(path.name.split("-")[1] for path in cache.iterdir()) == ["1", "2"]
    dataset = open_doodles(parse("doodles:50"), "", 32, 3, limit=3 * one)
    assert "too many to be cached" in dataset.source


def test_gray_doodles(drawn):
    """One channel is the luma of three, and comes from the same cache."""
    colour, gray = open_dataset("doodles:5", 32, 3), open_dataset("doodles:5", 32, 1)
    weights = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)
    assert gray.pictures.shape == (5, 1, 32, 32)
    assert ((colour.pictures * weights).sum(1, keepdim=True) - gray.pictures).abs().max() <= 1
    assert drawn == [5]


@pytest.mark.parametrize(
    "spec",
    [f"doodles:{count}" for count in (0, 1, 200_001, -5, "many", "1e3", "5.0", "9" * 5000)]
    + [f"doodles:5?seed={seed}" for seed in ("x", -1, 2**63)],
)
def test_counts_and_seeds_out_of_range(spec, cache):
    """A count or seed that is not allowed is refused, and leaves nothing behind."""
    with pytest.raises(DatasetError):
        open_dataset(spec, 32)
    assert not cache.exists()


def test_more_than_fits_is_refused(drawn):
    """Many large doodles are refused by their size in memory, not by the machine."""
    with pytest.raises(DatasetError, match="GiB of memory"):
        open_dataset("doodles:200000", 128)
    assert drawn == []


def test_some_of_the_doodles(drawn):
    """Values in a spec leave those of the doodles that have them, with their factors; nothing is drawn for it again."""
    whole, some = open_dataset("doodles:200", 32), open_dataset("doodles:200?hat=crown,cap&turn=left", 32)
    hats, turns = (list(doodles.FACTORS[name]) for name in ("hat", "turn"))
    hat, turn = whole.factors["hat"], whole.factors["turn"]
    fits = ((hat == hats.index("crown")) | (hat == hats.index("cap"))) & (turn == turns.index("left"))
    assert 0 < fits.sum() < 40 and drawn == [200]
    assert torch.equal(some.pictures, whole.pictures[fits]) and torch.equal(some.factors["hat"], hat[fits])


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        ("doodles:9?hat=sombrero", "beanie"),
        ("doodles:9?hat=", "beanie"),
        ("doodles:9?hat=crown,", "beanie"),
        ("doodles:2?hat=crown&beard=full&glasses=tinted&hair=bun", "0 of 2 doodles"),
    ],
)
def test_a_filter_without_matches_is_refused(spec, word):
    """A value that no doodle has, or values that none of those drawn has, are refused with a sentence."""
    with pytest.raises(DatasetError, match=word):
        open_dataset(spec, 32)
