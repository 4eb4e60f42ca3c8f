"""Files told apart by their first bytes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from dcgan.file_kind import describe_other_kind, is_safetensors


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file; download"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer, not the file itself; run `git lfs pull`"),
        (b"\r\n <!DocType HTML>", "a web page; download the file itself"),
        (b"Not Found\n", "a text file"),
        (b"\x1f\x8b\x08\x00", "a gzip archive; unpack"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
    ],
)
def test_kinds_that_were_not_expected(tmp_path, content, words):
    """Each is named, with what to do."""
    (tmp_path / "x").write_bytes(content)
    assert words in str(describe_other_kind(tmp_path / "x"))


def test_files_of_data_are_left_alone(tmp_path):
    """Arrays and weights, which other code reads, are not described."""
    np.save(tmp_path / "a.npy", np.zeros(3))
    torch.save({"w": torch.zeros(3)}, tmp_path / "b.pth")
    save_file({"w": torch.zeros(3)}, tmp_path / "c.safetensors")
    assert [describe_other_kind(tmp_path / name) for name in ("a.npy", "b.pth", "c.safetensors")] == [None] * 3
    assert [is_safetensors(tmp_path / name) for name in ("a.npy", "b.pth", "c.safetensors")] == [False, False, True]
