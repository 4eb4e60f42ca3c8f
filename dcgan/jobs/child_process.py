"""Start `python -m dcgan COMMAND` as another process, in whatever folder the app was started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]


def start_command(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a command with these variables besides the app's own; errors go where its output goes."""
    python_path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "dcgan", *command],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment, "PYTHONPATH": python_path},
    )
