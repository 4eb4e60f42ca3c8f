"""Zip files that visitors sent, stored under a digest of their content."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from pathlib import Path

from dcgan.errors import ConfigError, DatasetError

PREFIX = "upload:"
NAME = re.compile(r"[0-9a-f]{24}")


class Uploads:
    """A folder of zips of at most `largest` bytes each, at most `most` of them; None means no limit.

    When there are too many, the least recently used are deleted.
    """

    def __init__(self, folder: Path, largest: int | None = None, most: int | None = None) -> None:
        self.folder = Path(folder)
        self.largest, self.most = largest, most

    def keep(self, path: Path) -> str:
        """Copy a zip into the folder → "upload:<name>".

        The same content gets the same name, so a resumed run finds it again. Raises ConfigError when it is too large.
        """
        self.check_size(path.stat().st_size)
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
        kept = self._path(digest.hexdigest()[:24])
        if not kept.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / f"{secrets.token_hex(8)}.part"
            try:
                shutil.copyfile(path, partial)
                partial.replace(kept)
            finally:
                partial.unlink(missing_ok=True)
        kept.touch()
        self._delete_least_recently_used()
        return PREFIX + kept.stem

    def spec(self, upload: str) -> str:
        """ "upload:<name>" → the spec that `open_dataset` takes. Raises DatasetError when there is no such upload."""
        name = upload.removeprefix(PREFIX)
        kept = self._path(name)
        if not NAME.fullmatch(name) or not kept.is_file():
            raise DatasetError("This upload is not kept here any more; upload the zip again.")
        kept.touch()  # used just now
        return f"zip:{kept}"

    def check_size(self, size: int) -> None:
        """Raises ConfigError for a zip that is too large."""
        if self.largest is not None and size > self.largest:
            raise ConfigError(f"On this public page a zip may have at most {self.largest >> 20} MiB.")

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.zip"

    def _delete_least_recently_used(self) -> None:
        if self.most is not None:
            kept = sorted(self.folder.glob("*.zip"), key=lambda file: file.stat().st_mtime, reverse=True)
            for old in kept[self.most :]:
                old.unlink(missing_ok=True)
