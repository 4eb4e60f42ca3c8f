"""The central directory of a zip archive, checked before Python's zipfile turns it into an object for each entry."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

from dcgan.errors import DatasetError

DIRECTORY_BYTES = 48 * 2**20
HEADER = 46  # bytes of an entry before its name, extra field and comment
LENGTHS = struct.Struct("<HHH")  # of these three, at byte 28
# Indices into what zipfile's `_EndRecData` returns.
SIGNATURE, SIZE, LOCATION = 0, 5, 9
ZIP64_RECORDS = 56 + 20  # bytes between the directory and the last record of a zip64 archive


def check_directory(path: Path, entries: int) -> None:
    """Raise DatasetError if an archive has more than so many entries. What is no archive is left for zipfile to refuse.

    zipfile needs one or two KiB of memory for each entry, and believes the directory's size, not its count.
    """
    with path.open("rb") as stream:
        # Found as zipfile finds it: another way could look at another directory than the one that is read.
        record: Any = zipfile._EndRecData(stream)  # type: ignore[attr-defined]
        if not record:
            return
        size, end = record[SIZE], record[LOCATION]
        if record[SIGNATURE] == b"PK\x06\x06":
            end -= ZIP64_RECORDS
        if size > DIRECTORY_BYTES:
            raise _too_many(path, entries)
        stream.seek(max(0, end - size))
        directory = stream.read(size)
    if _count(directory, entries) > entries:
        raise _too_many(path, entries)


def _count(directory: bytes, most: int) -> int:
    """Count the entries, at most one more than `most`."""
    at = count = 0
    while at + HEADER <= len(directory) and count <= most:
        at += HEADER + sum(LENGTHS.unpack_from(directory, at + 28))
        count += 1
    return count


def _too_many(path: Path, entries: int) -> DatasetError:
    return DatasetError(f"{path} has more than {entries:,} entries: split it, or unpack it and use folder:.")
