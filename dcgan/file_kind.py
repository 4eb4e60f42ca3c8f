"""Recognise a file by its first bytes, where a file of weights was expected."""

from __future__ import annotations

import zipfile
from pathlib import Path

HEAD = 1024  # bytes that are looked at
FETCH_AGAIN = "download or copy it again"

# first bytes → what such a file is, and what to do
SIGNATURES = (
    (b"version https://git-lfs", "a Git LFS pointer, not the weights themselves; run `git lfs pull` where it lies"),
    (b"\x89HDF", "an HDF5 file, as Keras writes it; only models of PyTorch are read"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"\x89PNG", "a PNG picture, not weights"),
    (b"\xff\xd8\xff", "a JPEG picture, not weights"),
)


def describe_other_kind(path: Path) -> str | None:
    """Return "an HDF5 file; …", with what to do, for a file that is clearly no weights file; otherwise None."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return f"an empty file; {FETCH_AGAIN}"
    for signature, words in SIGNATURES:
        if head.startswith(signature):
            return words
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")):
        return "a web page, not weights; download the file itself, with the page's Download or Raw button"
    if head.startswith(b"PK\x03\x04"):
        return _describe_zip(path)
    return "a text file, not weights" if is_text(head) else None


def is_safetensors(path: Path) -> bool:
    """Return whether a file begins as a safetensors file does: the length of a JSON object, then that object."""
    with path.open("rb") as file:
        head = file.read(9)
    return len(head) == 9 and head[8:] == b"{" and int.from_bytes(head[:8], "little") <= path.stat().st_size


def is_text(head: bytes) -> bool:
    """Return whether bytes are printable ASCII text."""
    return all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head)


def _describe_zip(path: Path) -> str | None:
    """Return what a zip archive is if it is no file of `torch.save`, which is a zip that holds data.pkl."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.partition("/")[2] for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return f"incomplete or damaged; {FETCH_AGAIN}"
    if "constants.pkl" in names:
        return (
            "a TorchScript file, which holds a program; where you trust it, "
            "save torch.jit.load(FILE).state_dict() with torch.save and import that"
        )
    return None if "data.pkl" in names else "a zip archive without weights of PyTorch; unpack it first"
