"""Zip archives of pictures: valid, damaged and malicious ones."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from dcgan.data import open_dataset
from dcgan.data.spec import parse
from dcgan.data.zip_archive import ArchiveLimits, open_zip
from dcgan.errors import DatasetError


def png(shade: int, size: int = 40) -> bytes:
    """A gray square as a PNG file."""
    buffer = io.BytesIO()
    Image.new("L", (size, size), shade).save(buffer, "PNG")
    return buffer.getvalue()


def pack(path, files: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> str:
    """Write an archive, and name the data set."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return f"zip:{path}"


def test_pictures_come_out_in_the_order_of_names(tmp_path):
    """Nested folders are read, folders, hidden files, a Mac's shadows and other files are not, nothing is unpacked."""
    files = {"b/2.png": png(20), "a/1.png": png(10), "b/c/3.PNG": png(30), "b/": b"", "readme.txt": b"hello"}
    files |= {"__MACOSX/b/._2.png": b"x", ".DS_Store": b"x", "b/.hidden.png": b"x", "../4.png": png(40)}
    path = tmp_path / "pictures.zip"
    dataset = open_dataset(pack(path, files), 32, 1)
    assert dataset.pictures[:, 0, 0, 0].tolist() == [10, 20, 30]
    assert dataset.skipped == ()
    assert dataset.other_kinds == {".txt": 1}
    assert dataset.name == "pictures"
    assert dataset.original_size == "40 × 40"
    assert list(tmp_path.iterdir()) == [path]


def test_folder_and_zip_agree(tmp_path):
    """The same files give the same pictures, packed or not."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "folder"
    folder.mkdir()
    for i in range(6):
        Image.fromarray(rng.integers(0, 256, (50, 70, 3), dtype=np.uint8)).save(folder / f"{i}.jpg")
    spec = pack(tmp_path / "a.zip", {file.name: file.read_bytes() for file in folder.iterdir()})
    assert torch.equal(open_dataset(spec, 32).pictures, open_dataset(f"folder:{folder}", 32).pictures)


def test_damaged_entries_are_skipped_and_named(tmp_path):
    """A wrong checksum, a broken picture, and a method that is not read cost one entry each, not the archive."""
    path = tmp_path / "a.zip"
    pack(path, {"a.png": png(10), "b.png": png(20), "c.png": b"broken", "d.png": png(30)}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("e.png", png(40))
    content = bytearray(path.read_bytes())
    content[content.index(png(20)) + 30] ^= 0xFF
    path.write_bytes(content)
    dataset = open_dataset(f"zip:{path}", 32, 1)
    assert dataset.pictures[:, 0, 0, 0].tolist() == [10, 30]
    assert [line.split(":")[0] for line in dataset.skipped] == ["b.png", "c.png", "e.png"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"<!DOCTYPE html><html>", "a web page; download the file itself"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (b"Rar!\x1a\x07\x00", "a RAR archive; unpack it first"),
        (b"\x00\x01\x02", "or it is incomplete"),
        (b"PK\x03\x04 begins like one", "or it is incomplete"),
    ],
)
def test_a_file_that_is_no_archive_is_refused(tmp_path, content, words):
    """A file that is not a zip archive is named as what it is; a file that does not exist is refused, too."""
    path = tmp_path / "a.zip"
    with pytest.raises(DatasetError, match=r"no file .*: give the path of a zip archive of pictures\.$"):
        open_dataset(f"zip:{path}")
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=f"not a zip archive.* {words}"):
        open_dataset(f"zip:{path}")


def test_an_incomplete_archive(tmp_path):
    """A download that was cut short is refused as a whole."""
    path = tmp_path / "a.zip"
    pack(path, {f"{i}.png": png(i) for i in range(9)})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DatasetError, match="incomplete"):
        open_dataset(f"zip:{path}")


def test_no_pictures_inside(tmp_path):
    """An archive without pictures, and an empty one, say so."""
    for files, held in (({}, "it is empty"), ({"a.txt": b"hello", "b/c.heic": b"x"}, r"it holds 1 \.heic, 1 \.txt")):
        with pytest.raises(DatasetError, match=f"no picture .*{held}"):
            open_dataset(pack(tmp_path / "a.zip", files))


def test_a_password(tmp_path):
    """An encrypted archive is refused, and one without a password asked for."""
    path = tmp_path / "a.zip"
    pack(path, {"a.png": png(10), "b.png": png(20)})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags of each local and central header
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    path.write_bytes(content)
    with pytest.raises(DatasetError, match="password"):
        open_dataset(f"zip:{path}")


def test_a_bomb_stops_the_reading(tmp_path):
    """An entry, or all together, that swell beyond the limit end the reading with a sentence."""
    path = tmp_path / "a.zip"
    files = {f"{i}.png": png(i) for i in range(4)} | {"z.png": b"\0" * 2_000_000}
    spec = parse(pack(path, files))
    assert path.stat().st_size < 10_000
    with pytest.raises(DatasetError, match=r"unpacks to more than .*z\.png"):
        open_zip(spec, "", 32, 3, limits=ArchiveLimits(entry_bytes=1_000_000))
    with pytest.raises(DatasetError, match="unpacks to more than"):
        open_zip(spec, "", 32, 3, limits=ArchiveLimits(total_bytes=1_000_000))
    with pytest.raises(DatasetError, match="more than 4 entries"):
        open_zip(spec, "", 32, 3, limits=ArchiveLimits(entries=4))
    assert open_zip(spec, "", 32, 3, limits=ArchiveLimits(entries=5)).count == 4


def test_a_bomb_that_lies_about_its_size(tmp_path):
    """A header that claims too little lets no more through than it claims, and that part is damaged."""
    path = tmp_path / "a.zip"
    pack(path, {"a.png": png(1), "b.png": png(2), "z.png": b"\0" * 2_000_000})
    content = bytearray(path.read_bytes())
    true_size = struct.pack("<I", 2_000_000)
    at = content.find(true_size)
    while at >= 0:
        content[at : at + 4] = struct.pack("<I", 1000)
        at = content.find(true_size, at + 4)
    path.write_bytes(content)
    dataset = open_dataset(f"zip:{path}", 32, 1)
    assert dataset.count == 2
    assert len(dataset.skipped) == 1
    assert "damaged" in dataset.skipped[0]
