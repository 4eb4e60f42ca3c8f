"""Files that are kept for a while: each under an unguessable name, deleted when its time is over."""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

SWEEP = 60.0  # seconds between two looks for files whose time is over


class TemporaryFiles:
    """A folder that ends with the process, and one thread that deletes files older than `kept` seconds from it."""

    def __init__(self, prefix: str, kept: float = 3600.0) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=prefix)
        self._kept = kept
        self._lock = threading.Lock()
        self._sweeper: threading.Thread | None = None

    def new(self, suffix: str) -> Path:
        """Return a path for a file that is yet to be written, by a name that nobody can guess."""
        with self._lock:
            if self._sweeper is None:
                self._sweeper = threading.Thread(target=self._sweep_forever, name="temporary files", daemon=True)
                self._sweeper.start()
        return Path(self._folder.name) / f"{secrets.token_urlsafe(16)}.{suffix}"

    def find(self, name: str) -> Path | None:
        """Return the file of a name, or None if it is not there. A name with folders in it finds nothing else."""
        path = Path(self._folder.name) / Path(name).name
        return path if path.is_file() else None

    def sweep(self) -> None:
        """Delete the files whose time is over."""
        oldest = time.time() - self._kept
        for path in Path(self._folder.name).iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def _sweep_forever(self) -> None:
        with suppress(FileNotFoundError):  # the folder goes when the process ends
            while True:
                self.sweep()
                time.sleep(min(SWEEP, self._kept))
