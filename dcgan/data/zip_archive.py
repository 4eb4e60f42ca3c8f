"""`zip:PATH`: all pictures in a zip archive, read one at a time; nothing is extracted to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from dcgan.data.dataset import Dataset, OnProgress
from dcgan.data.decode import FORMAT_WORDS, Picture, decode
from dcgan.data.picture_files import count_other_kinds, is_picture, kinds_in_words
from dcgan.data.read_pictures import Item, read_pictures
from dcgan.data.spec import Spec
from dcgan.data.zip_directory import check_directory
from dcgan.errors import DatasetError
from dcgan.file_kind import describe_other_kind

READ_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the other methods can use unlimited memory
ENCRYPTED = 0x1


@dataclass(frozen=True)
class ArchiveLimits:
    """The limits of an archive. Bytes are counted as they are decompressed; the archive's headers are not trusted."""

    entries: int = 300_000
    entry_bytes: int = 64 * 2**20
    total_bytes: int = 64 * 2**30


def open_zip(
    spec: Spec,
    text: str,
    size: int,
    nc: int,
    on_progress: OnProgress | None = None,
    first: int | None = None,
    limits: ArchiveLimits | None = None,
) -> Dataset:
    """Read all pictures of an archive, or its `first`.

    Raises DatasetError if it is no zip, is encrypted or exceeds the limits.
    """
    path = Path(spec.target).expanduser()
    limits = limits or ArchiveLimits()
    with _open(path, limits) as archive:
        entries = _entries(path, archive)
        other_kinds = count_other_kinds(_names(archive))
        gathered = read_pictures(
            _items(path, archive, entries, size, limits), len(entries), str(path), size, nc, on_progress, first
        )
    return Dataset(
        pictures=gathered.pictures,
        name=path.stem,
        spec=text,
        original_size=gathered.original_size,
        source=f"{len(entries):,} picture files in the archive {path.name}.",
        skipped=gathered.skipped,
        other_kinds=other_kinds,
        grayscale=gathered.grayscale,
        total=gathered.total,
    )


def check_zip(path: Path) -> None:
    """Raise DatasetError, with the reason, unless at least two pictures of an archive can be read."""
    limits = ArchiveLimits()
    readable, reasons = 0, []
    with _open(path, limits) as archive:
        for item in _items(path, archive, _entries(path, archive), 64, limits):
            try:
                item.read()
                readable += 1
            except DatasetError as error:
                reasons.append(f"{item.name}: {error}")
            if readable == 2:
                return
    raise DatasetError(f"At least 2 pictures in {path} must be readable, not {readable}. {'; '.join(reasons[:3])}")


def _open(path: Path, limits: ArchiveLimits) -> zipfile.ZipFile:
    if not path.is_file():
        raise DatasetError(f"There is no file {path}: give the path of a zip archive of pictures.")
    try:
        check_directory(path, limits.entries)
        return zipfile.ZipFile(path)
    # zipfile raises these, too, for a damaged central directory.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        kind = describe_other_kind(path)
        if kind:
            raise DatasetError(f"{path} is not a zip archive but {kind}.") from None
        raise DatasetError(
            f"{path} is not a zip archive, or it is incomplete ({error}): pack or copy it again."
        ) from None


def _entries(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir() and is_picture(PurePosixPath(info.filename))]
    if not infos:
        other_kinds = count_other_kinds(_names(archive))
        held = f"it holds {kinds_in_words(other_kinds)}" if other_kinds else "it is empty"
        raise DatasetError(f"There is no picture ({FORMAT_WORDS}) in {path}: {held}.")
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise DatasetError(f"{path} is encrypted with a password: pack it again without one.")
    return sorted(infos, key=lambda info: info.filename)


def _names(archive: zipfile.ZipFile) -> list[PurePosixPath]:
    return [PurePosixPath(info.filename) for info in archive.infolist() if not info.is_dir()]


def _items(
    path: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int, limits: ArchiveLimits
) -> Iterator[Item]:
    """Yield an item for each entry. Bytes are read here in sequence; `read_pictures` decodes them on its threads."""
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
                f"{path} unpacks to more than {limits.total_bytes >> 30} GiB or holds a file of more than "
                f"{limits.entry_bytes >> 20} MiB ({info.filename}), so reading was stopped."
            )
        yield Item(info.filename, partial(_decode_bytes, content, size), len(content))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Read at most `limit` + 1 bytes, so that the caller can detect more. Raises DatasetError with a reason to skip."""
    if info.compress_type not in READ_METHODS:
        raise DatasetError("compressed by a method other than deflate")
    try:
        with archive.open(info) as stream:
            return stream.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DatasetError(f"damaged in the archive ({error})") from None


def _decode_bytes(content: bytes, size: int) -> Picture:
    return decode(io.BytesIO(content), size)


def _refuse(reason: str) -> Picture:
    raise DatasetError(reason)
