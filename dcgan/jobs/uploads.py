"""Zip files that visitors sent. Each opens only with the secret in its name, which its sender alone is told.

An upload is a zip and a JSON file beside it: a digest of the secret, the sender's own file name, and the sender.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from dcgan.data.zip_archive import check_zip
from dcgan.errors import ConfigError, DatasetError
from dcgan.files import write_atomic
from dcgan.jobs.owners import same_secret

PREFIX = "upload:"
NAME = re.compile(r"([0-9a-f]{24})\.([A-Za-z0-9_-]{22})")
IDLE = 1800.0  # seconds without use after which an upload may make room for another
LONGEST_NAME = 80  # characters of a file name that are kept
GONE = "This upload is not kept here any more; upload the zip again."


@dataclass(frozen=True)
class UploadLimits:
    """Limits of a folder of uploads. A visitor's own oldest uploads make room first."""

    file_bytes: int = 200 * 2**20
    total_bytes: int = 2 * 2**30
    by_visitor: int = 3


@dataclass(frozen=True)
class _Record:
    secret: str  # digest
    name: str
    visitor: str


class Uploads:
    """A folder of uploaded zips; `limits` None means no limits."""

    def __init__(self, folder: Path, limits: UploadLimits | None = None) -> None:
        self.folder = Path(folder)
        self.limits = limits

    def keep(self, path: Path, name: str = "", visitor: str = "", in_use: Collection[Path] = ()) -> str:
        """Copy a zip into the folder → "upload:<id>.<secret>", which opens it.

        `name` is the sender's file name, `visitor` tells senders apart, `in_use` are uploads that must stay.
        Raises DatasetError if it is no zip with at least two pictures, ConfigError if there is no room for it.
        """
        shown = clean_name(name)
        size = path.stat().st_size
        self.check_size(size)
        try:
            check_zip(path)
        except DatasetError as error:
            raise DatasetError(str(error).replace(str(path), shown)) from None
        self.folder.mkdir(parents=True, exist_ok=True)
        self._make_room(size, visitor, in_use)
        upload_id, secret = secrets.token_hex(12), secrets.token_urlsafe(16)
        kept = self._path(upload_id)
        partial = kept.with_suffix(".part")
        try:
            shutil.copyfile(path, partial)
            record = _Record(_digest(secret), shown, _digest(visitor))
            write_atomic(kept.with_suffix(".json"), json.dumps(asdict(record)).encode())
            partial.replace(kept)
        finally:
            partial.unlink(missing_ok=True)
        return f"{PREFIX}{upload_id}.{secret}"

    def spec(self, upload: str) -> str:
        """ "upload:<id>.<secret>" → the spec that `open_dataset` takes. Raises DatasetError when it opens nothing."""
        found = NAME.fullmatch(upload.removeprefix(PREFIX))
        if found is None:
            raise DatasetError(GONE)
        kept = self._path(found[1])
        record = _read_record(kept)
        if record is None or not same_secret(_digest(found[2]), record.secret):
            raise DatasetError(GONE)
        kept.touch()  # used just now
        return f"zip:{kept}"

    def holds(self, spec: str) -> bool:
        """Whether a data set's spec is an upload's."""
        return spec.startswith(f"zip:{self.folder}")

    def show_own_names(self, sentence: str) -> str:
        """Replace the paths of uploads in a sentence by the names that their senders gave them."""
        pattern = re.escape(str(self.folder)) + r"[\\/]([0-9a-f]{24})\.zip"

        def own_name(found: re.Match[str]) -> str:
            record = _read_record(self._path(found[1]))
            return record.name if record else "the uploaded zip"

        return re.sub(pattern, own_name, sentence)

    def check_size(self, size: int) -> None:
        """Raise ConfigError for a zip that is too large."""
        if self.limits is not None and size > self.limits.file_bytes:
            raise ConfigError(f"On this public page a zip may have at most {self.limits.file_bytes >> 20} MiB.")

    def _path(self, upload_id: str) -> Path:
        return self.folder / f"{upload_id}.zip"

    def _make_room(self, size: int, visitor: str, in_use: Collection[Path]) -> None:
        """Delete the visitor's own oldest uploads and those that are idle, until there is room for `size` bytes."""
        if self.limits is None:
            return
        kept = {path: path.stat() for path in self.folder.glob("*.zip") if path not in in_use}
        kept = dict(sorted(kept.items(), key=lambda item: item[1].st_mtime))  # least recently used first
        own = [path for path in kept if (record := _read_record(path)) and record.visitor == _digest(visitor)]
        for path in own[: max(0, len(own) - self.limits.by_visitor + 1)]:
            _delete(path)
            del kept[path]
        total = sum(path.stat().st_size for path in self.folder.glob("*.zip"))
        idle = [path for path, stat in kept.items() if stat.st_mtime < time.time() - IDLE]
        for path in idle:
            if total + size <= self.limits.total_bytes:
                break
            total -= kept[path].st_size
            _delete(path)
        if total + size > self.limits.total_bytes:
            raise ConfigError("There is no room for another upload on this page now; try again in half an hour.")


def clean_name(name: str) -> str:
    """A file name as it may be shown: printable, without folders, not too long."""
    base = re.split(r"[\\/]", name)[-1]
    return "".join(character for character in base if character.isprintable())[:LONGEST_NAME] or "the uploaded zip"


def _read_record(kept: Path) -> _Record | None:
    """What is known of an upload; None if it is gone."""
    try:
        return _Record(**json.loads(kept.with_suffix(".json").read_text("utf-8"))) if kept.is_file() else None
    except (OSError, ValueError, TypeError):
        return None


def _delete(kept: Path) -> None:
    kept.unlink(missing_ok=True)
    kept.with_suffix(".json").unlink(missing_ok=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
