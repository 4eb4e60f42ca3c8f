"""`zip:PATH`: every picture in a zip archive, read out of it one by one; nothing is unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from dcgan.data.dataset import Dataset, Progress
from dcgan.data.decode import Picture, decode
from dcgan.data.folder import is_picture
from dcgan.data.gather import Item, gather
from dcgan.data.spec import Spec
from dcgan.errors import DatasetError

READ_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others can swell without a bound on memory
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Limits:
    """What an archive may hold; the bytes are those that really come out of it, whatever its headers say."""

    entries: int = 1_000_000
    entry_bytes: int = 128 * 2**20
    total_bytes: int = 64 * 2**30


def open_zip(
    spec: Spec, text: str, size: int, nc: int, progress: Progress | None = None, limits: Limits | None = None
) -> Dataset:
    """Reads every picture in an archive. Raises DatasetError on one that is none, is locked, or swells too far."""
    path = Path(spec.target).expanduser()
    if not path.is_file():
        raise DatasetError(f"There is no file {path}: write the path of a zip archive of pictures after zip:.")
    limits = limits or Limits()
    try:
        archive = zipfile.ZipFile(path)
    # Besides BadZipFile, a damaged directory makes zipfile raise these.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise DatasetError(
            f"{path} is not a zip archive, or it is incomplete ({error}): pack or copy it again."
        ) from None
    with archive:
        entries = _entries(path, archive, limits)
        gathered = gather(_items(path, archive, entries, size, limits), len(entries), str(path), size, nc, progress)
    return Dataset(
        pictures=gathered.pictures,
        name=path.stem,
        spec=text,
        original_size=gathered.original_size,
        source=f"{len(entries):,} picture files in the archive {path.name}.",
        skipped=gathered.skipped,
        grayscale=gathered.grayscale,
    )


def _entries(path: Path, archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    if len(archive.infolist()) > limits.entries:
        raise DatasetError(f"{path} has more than {limits.entries:,} entries: split it, or unpack it and use folder:.")
    infos = [info for info in archive.infolist() if not info.is_dir() and is_picture(PurePosixPath(info.filename))]
    if not infos:
        raise DatasetError(f"There are no pictures (JPEG, PNG, WebP, BMP) in {path}.")
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise DatasetError(f"{path} is locked with a password: pack it again without one.")
    return sorted(infos, key=lambda info: info.filename)


def _items(
    path: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int, limits: Limits
) -> Iterator[Item]:
    """Bytes are read here, one entry after the other; decoding is left to `gather`'s threads."""
    total = 0
    for info in entries:
        try:
            content = _read(archive, info, limits.entry_bytes)
        except DatasetError as error:
            yield Item(info.filename, partial(_refuse, str(error)))
            continue
        total += len(content)
        if len(content) > limits.entry_bytes or total > limits.total_bytes:
            raise DatasetError(
                f"{path} unpacks to far more than pictures need (at {info.filename}), as archives made to fill "
                "a machine's memory do: it was not read any further."
            )
        yield Item(info.filename, partial(_decode_bytes, content, size))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """At most one byte more than `limit`, so that the caller can tell. Raises DatasetError with a reason to skip it."""
    if info.compress_type not in READ_METHODS:
        raise DatasetError("packed by a method other than deflate")
    try:
        with archive.open(info) as stream:
            return stream.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DatasetError(f"damaged in the archive ({error})") from None


def _decode_bytes(content: bytes, size: int) -> Picture:
    return decode(io.BytesIO(content), size)


def _refuse(reason: str) -> Picture:
    raise DatasetError(reason)
