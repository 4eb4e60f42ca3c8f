"""Files that are no plain weights: what they are is said, and no code in them runs."""

from __future__ import annotations

import argparse
import io
import os
import pickle
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save as safetensors_bytes
from torch import nn

from dcgan.errors import CheckpointError
from dcgan.importing.read_file import SAFE_TYPES, read_weights


def said(path: Path) -> str:
    """The sentence about a file that is refused: one line, without the advice of a library."""
    with pytest.raises(CheckpointError) as caught:
        read_weights(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name) and sentence.endswith(".") and "\n" not in sentence
    for word in ("weights_only", "torch.load", "HeaderTooLarge", "PytorchStreamReader", "Unpickler", "/tmp"):
        assert word not in sentence
    return sentence


def scripted() -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TorchScript is deprecated; its files are still about
        torch.jit.save(torch.jit.trace(nn.Conv2d(3, 4, 4), torch.zeros(1, 3, 8, 8)), buffer)
    return buffer.getvalue()


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"x")
    return buffer.getvalue()


KINDS = {
    "empty": (lambda: b"", "is an empty file; download"),
    "html": (lambda: b"\n<!DOCTYPE html><html><head>", "is a web page; download the file itself"),
    "xhtml": (lambda: b"\xef\xbb\xbf<html lang='en'>", "is a web page"),
    "lfs": (lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "run `git lfs pull`"),
    "text": (lambda: b"404: Not Found", "is a text file"),
    "torchscript": (scripted, "is a TorchScript file, which holds a program"),
    "zip": (lambda: zipped("a.txt"), "is a zip archive without weights"),
    "cut zip": (lambda: scripted()[:-200], "is incomplete or damaged; download"),
    "keras": (lambda: b"\x89HDF\r\n\x1a\n" + b"\0" * 99, "an HDF5 file"),
    "gzip": (lambda: b"\x1f\x8b\x08" + b"\0" * 99, "unpack it first"),
    "noise": (lambda: bytes(range(128, 256)) * 9, "is not a readable weights file"),
    "cut safetensors": (lambda: safetensors_bytes({"w": torch.zeros(99)})[:-9], "is a damaged safetensors file"),
    "list": (lambda: pickle.dumps([1, 2], protocol=2), "is not a readable weights file"),
}


@pytest.mark.parametrize("suffix", ["pth", "pt", "safetensors"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_other_kind_is_told(tmp_path, kind, suffix):
    """Pages, pointers, TorchScript, empty and broken files are named, whatever their suffix says, with what to do."""
    content, words = KINDS[kind]
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(content())
    assert words in said(path)


def test_the_content_decides_not_the_suffix(tmp_path):
    """A safetensors file that is named .pth is read, and a file of torch.save that is named .safetensors, too."""
    weights = {"w": torch.arange(3.0)}
    (tmp_path / "a.pth").write_bytes(safetensors_bytes(weights))
    torch.save(weights, tmp_path / "b.safetensors")
    for name in ("a.pth", "b.safetensors"):
        assert torch.equal(read_weights(tmp_path / name)["w"], weights["w"])


def test_options_and_numpy_scalars_beside_the_weights(tmp_path):
    """What scripts store beside the weights, argparse's options and NumPy's scalars of any type, is no hindrance."""
    content = {
        "netG": {"w": torch.zeros(2)},
        "opt": argparse.Namespace(lr=2e-4, nz=100, cuda=True, name="celeba", size=np.int64(64)),
        "losses": [np.float64(0.5), np.float32(0.25), np.int32(3), np.bool_(True)],
    }
    torch.save(content, tmp_path / "a.pth")
    read = read_weights(tmp_path / "a.pth")
    assert read["opt"].nz == 100 and read["opt"].size == 64 and read["losses"] == [0.5, 0.25, 3, True]


def test_numpy_scalars_of_numpy_1(tmp_path):
    """NumPy 1 called its module numpy.core."""
    torch.save({"loss": np.float64(0.5)}, tmp_path / "new.pth")
    with zipfile.ZipFile(tmp_path / "new.pth") as new, zipfile.ZipFile(tmp_path / "old.pth", "w") as old:
        for name in new.namelist():
            old.writestr(name, new.read(name).replace(b"numpy._core.", b"numpy.core."))
    assert read_weights(tmp_path / "old.pth")["loss"] == 0.5


class Malicious:
    """Unpickled, it would run a command."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return os.system, (f"touch {self.target}",)


@pytest.mark.parametrize("where", ["bare", "options", "scalar"])
@pytest.mark.parametrize("save", [torch.save, lambda what, path: path.write_bytes(pickle.dumps(what))])
def test_code_is_refused(tmp_path, save, where):
    """A pickle that wants to run code is refused and does not run it, also within a type that is allowed."""
    evil = Malicious(tmp_path / "ran")
    content = {"bare": evil, "options": argparse.Namespace(x=evil), "scalar": np.array([evil], dtype=object)}
    save({"G_model_state_dict": content[where]}, tmp_path / "bad.pt")
    assert "would run code" in said(tmp_path / "bad.pt")
    assert not (tmp_path / "ran").exists()


def test_the_allow_list_ends_with_the_reading(tmp_path):
    """Other readers in the process do not inherit it."""
    torch.save({"w": torch.zeros(1)}, tmp_path / "a.pth")
    before = torch.serialization.get_safe_globals()
    ours = [safe for safe in SAFE_TYPES if safe not in before]
    assert argparse.Namespace in ours
    read_weights(tmp_path / "a.pth")
    after = torch.serialization.get_safe_globals()  # PyTorch may have imported a part of its own that adds others
    assert not [safe for safe in ours if safe in after]


def test_whole_modules_are_refused(tmp_path):
    """torch.save(netG) instead of its state_dict is refused, with the way out."""
    torch.save(nn.Sequential(nn.Conv2d(3, 4, 4)), tmp_path / "whole.pt")
    sentence = said(tmp_path / "whole.pt")
    assert "state_dict()" in sentence and "Sequential" in sentence


def test_a_file_that_is_not_there(tmp_path):
    """It is named."""
    with pytest.raises(CheckpointError, match=r"no file .*missing\.pt"):
        read_weights(tmp_path / "missing.pt")
