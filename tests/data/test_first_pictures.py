"""The first pictures of a data set, for a preview: no more are read, drawn or kept, whatever the set's size."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from dcgan.data import doodle_set, open_dataset
from dcgan.data import folder as folder_module
from dcgan.data import zip_archive as zip_module
from dcgan.errors import DatasetError

FIRST = 4


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An own cache folder for each test."""
    monkeypatch.setenv("DCGAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def spec(request, tmp_path):
    """A data set of forty pictures of the kind that the test names, the second of a folder or zip damaged."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 32, 32), dtype=np.uint8)
    if request.param == "npy":
        np.save(tmp_path / "train.npy", pixels / 255)
        return f"npy:{tmp_path}"
    if request.param == "doodles":
        return "doodles:40"
    if request.param == "filtered doodles":
        return "doodles:120?beard=none"
    folder = tmp_path / "pictures"
    folder.mkdir()
    for i, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"{i:02d}.png")
    (folder / "01.png").write_bytes(b"damaged")
    if request.param == "folder":
        return f"folder:{folder}"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return f"zip:{tmp_path / 'a.zip'}"


KINDS = ["npy", "folder", "zip", "doodles", "filtered doodles"]


@pytest.mark.parametrize("spec", KINDS, indirect=True)
def test_they_are_those_of_the_whole_set_which_is_described(spec):
    """The first pictures are those that a run would see first, and the description counts all of them."""
    whole, first = open_dataset(spec, 32), open_dataset(spec, 32, first=FIRST)
    assert torch.equal(first.pictures, whole.pictures[:FIRST])
    assert all(torch.equal(values, whole.factors[name][:FIRST]) for name, values in first.factors.items())
    assert first.description.split(":")[0] == whole.description.split(":")[0]


@pytest.mark.parametrize("spec", KINDS, indirect=True)
def test_a_set_that_is_smaller_is_read_whole(spec):
    """Asking for more pictures than there are gives all of them."""
    whole, first = open_dataset(spec, 32), open_dataset(spec, 32, first=1000)
    assert torch.equal(first.pictures, whole.pictures)
    assert first.description.split(":")[0] == whole.description.split(":")[0]


@pytest.mark.parametrize("spec", ["folder", "zip"], indirect=True)
def test_no_more_files_are_decoded_than_are_shown(spec, monkeypatch):
    """Of forty files, those that are shown are decoded, and the few that threads read ahead."""
    decoded = []
    for module, name in ((folder_module, "decode_file"), (zip_module, "decode")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, real=real: decoded.append(a) or real(*a))
    open_dataset(spec, 32, first=FIRST)
    assert FIRST <= len(decoded) <= FIRST + 10


def test_no_more_doodles_are_drawn_than_are_shown_and_none_are_kept(cache, monkeypatch):
    """A large filtered set costs a few drawings, and leaves no file."""
    drawn, real = [], doodle_set.doodles.draw_one
    monkeypatch.setattr(doodle_set.doodles, "draw_one", lambda *a: drawn.append(a) or real(*a))
    monkeypatch.setattr(doodle_set.doodles, "make_doodles", None)
    dataset = open_dataset("doodles:20000?hat=crown&beard=full", 32, first=FIRST)
    assert dataset.count == len(drawn) == FIRST
    assert not cache.exists()
    with pytest.raises(DatasetError, match="Only 0 of 2 doodles match"):
        open_dataset("doodles:2?hat=crown&beard=full", 32, first=FIRST)


@pytest.mark.parametrize("spec", KINDS, indirect=True)
def test_progress_can_end_the_reading(spec):
    """What `on_progress` raises ends the reading, of every kind of data set."""

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        open_dataset(spec, 32, on_progress=stop, first=FIRST)
