"""Atomic file writes, the removal of what a killed writer left, and folders that can be written."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file through a temporary one, so that neither a reader nor a crash ever leaves half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def delete_temporaries(folder: Path, name: str = "*", idle: float = 0.0) -> None:
    """Delete temporary files that killed processes left in a folder while they wrote files called `name` (a pattern).

    `idle`: only those that nobody has written to for so many seconds; 0 where nobody else can be writing them.
    """
    for path in folder.glob(f".{name}.[0-9]*.[0-9]*.tmp"):
        with suppress(OSError):  # its writer has just finished, or the folder cannot be changed
            if path.stat().st_mtime <= time.time() - idle:
                path.unlink()


def path_exists(path: str | Path) -> bool:
    """Whether there is a file or folder, "~" expanded; False for a name that no file can have."""
    try:
        return Path(path).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return False


def first_writable(folders: Iterable[Path]) -> Path | None:
    """Return the first of some folders in which a file can be written; None if there is none. It is made if need be."""
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    return None
