"""The folder in which downloads and drawn doodles are kept between runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """$DCGAN_CACHE, or dcgan-cache beside the system's other temporary files. It may not exist yet."""
    chosen = os.environ.get("DCGAN_CACHE")
    return Path(chosen).expanduser() if chosen else Path(tempfile.gettempdir(), "dcgan-cache")
