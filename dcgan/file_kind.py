"""Recognise what a file is by its first bytes, where another kind of file was expected."""

from __future__ import annotations

from pathlib import Path

HEAD = 1024  # bytes that are looked at
FETCH_AGAIN = "download or copy it again"

# first bytes → what such a file is, and what to do
SIGNATURES = (
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself; run `git lfs pull` in its repository"),
    (b"\x89HDF", "an HDF5 file, as Keras writes it, which is not read here"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
)
WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<?xml")


def describe_other_kind(path: Path) -> str | None:
    """Return "a gzip archive; unpack it first" or the like for a kind that is never expected; None for any other.

    Only files of SIGNATURES, empty files, web pages and plain text are recognised.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return f"an empty file; {FETCH_AGAIN}"
    for signature, words in SIGNATURES:
        if head.startswith(signature):
            return words
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(WEB_PAGE):
        return "a web page; download the file itself, with the page's Download or Raw button"
    return "a text file" if _is_text(head) else None


def is_safetensors(path: Path) -> bool:
    """Return whether a file begins as a safetensors file does: the length of a JSON object, then that object."""
    with path.open("rb") as file:
        head = file.read(9)
    return len(head) == 9 and head[8:] == b"{" and int.from_bytes(head[:8], "little") <= path.stat().st_size


def _is_text(head: bytes) -> bool:
    """Return whether bytes are printable ASCII text."""
    return all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head)
