"""The folder in which downloads and drawn doodles are kept between runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """$DCGAN_CACHE, or dcgan-cache beside the system's other temporary files. It may not exist yet.

    Where dcgan-cache belongs to another user, the user's number is added to the name.
    """
    chosen = os.environ.get("DCGAN_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    folder = Path(tempfile.gettempdir(), "dcgan-cache")
    if not hasattr(os, "getuid") or not folder.exists() or os.access(folder, os.W_OK):
        return folder
    return folder.with_name(f"dcgan-cache-{os.getuid()}")
