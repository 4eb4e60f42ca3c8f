"""Tests for `dcgan/exporting/onnx_file.py`."""

from __future__ import annotations

import sys

import pytest
import torch
from lively import lively_G

from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.exporting import onnx_file, write_onnx

onnxruntime = pytest.importorskip("onnxruntime")


@pytest.mark.parametrize(("size", "nc"), [(32, 1), (64, 3), (128, 3)])
def test_onnx_draws_what_pytorch_draws(tmp_path, size, nc):
    """Every size, gray and colour, for another number of latents than was checked."""
    G = lively_G(ModelConfig(image_size=size, nc=nc, nz=9, ngf=4, ndf=4))
    assert write_onnx(tmp_path / "g.onnx", G) <= 1e-3
    z = torch.randn(3, 9, 1, 1, generator=torch.Generator().manual_seed(1))
    (pictures,) = onnxruntime.InferenceSession(tmp_path / "g.onnx").run(None, {"z": z.numpy()})
    assert pictures.shape == (3, nc, size, size) and pictures.std() > 0.05
    torch.testing.assert_close(torch.from_numpy(pictures), G(z), atol=1e-3, rtol=0)


def test_a_file_that_differs_is_not_written(tmp_path, monkeypatch):
    """A graph of other weights than the network's is refused with the difference, and leaves no file."""
    G, other = (lively_G(ModelConfig(image_size=32, nz=6, ngf=4, ndf=4)) for _ in range(2))
    with torch.no_grad():
        other.main[0].weight.mul_(1.5)
    content = onnx_file._onnx_bytes(other)
    monkeypatch.setattr(onnx_file, "_onnx_bytes", lambda G: content)
    with pytest.raises(CheckpointError, match="differs"):
        write_onnx(tmp_path / "g.onnx", G)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_missing_packages_are_named(tmp_path, monkeypatch, package):
    """Without onnx or onnxruntime: what to install."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(CheckpointError, match=r"pip install -e '\.\[onnx\]'"):
        write_onnx(tmp_path / "g.onnx", lively_G(ModelConfig(image_size=32, nz=6, ngf=4, ndf=4)))
