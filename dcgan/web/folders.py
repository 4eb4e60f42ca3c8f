"""Folders that can be written, chosen when the page starts: the program's own may belong to somebody else.

On a shared computer the program's folder is often read-only, a user may have no home, and another user may own the
folder for temporary files that Gradio would take.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from dcgan.errors import ConfigError
from dcgan.files import first_writable
from dcgan.web.settings import Settings

GRADIO_TEMP_DIR = "GRADIO_TEMP_DIR"


def choose_runs(settings: Settings, environment: Mapping[str, str], say: Callable[[str], object]) -> Settings:
    """Return the settings with a folder of runs that can be written, and say which, where the default cannot.

    A folder that was chosen stays: it may hold runs to look at. Raises ConfigError if no folder can be written.
    """
    if settings.runs != Settings.runs:
        return settings
    runs = first_writable([Settings.runs, *_data_folders(environment)])
    if runs is None:
        raise ConfigError(f"No run can be kept in {Settings.runs}; set DCGAN_RUNS to a folder that can be written.")
    if runs != Settings.runs:
        say(f"{Settings.runs} cannot be written, so runs are kept in {runs}. DCGAN_RUNS chooses another folder.")
    return replace(settings, runs=runs)


def choose_temporary_folder(
    environment: Mapping[str, str], say: Callable[[str], object]
) -> tuple[Path, tempfile.TemporaryDirectory[str] | None]:
    """Return a folder for Gradio's files, and an object that deletes it when the process ends.

    It is $GRADIO_TEMP_DIR where that can be written, which is not deleted, else a new one. Raises ConfigError if there
    is nowhere to make one.
    """
    chosen = environment.get(GRADIO_TEMP_DIR)
    if chosen and first_writable([Path(chosen)]):
        return Path(chosen), None
    try:
        folder = tempfile.TemporaryDirectory(prefix="dcgan-page-", ignore_cleanup_errors=True)
    except OSError:
        raise ConfigError("No folder for temporary files can be written; set TMPDIR to one that can.") from None
    if chosen:
        say(f"{GRADIO_TEMP_DIR}={chosen} cannot be written, so temporary files lie in {folder.name}.")
    return Path(folder.name), folder


def _data_folders(environment: Mapping[str, str]) -> list[Path]:
    """Return where this system keeps a user's data, if it tells, then a folder beside the temporary files."""
    try:
        home = Path.home()
    except RuntimeError:
        home = None
    if sys.platform == "win32":
        data = Path(environment["LOCALAPPDATA"]) if environment.get("LOCALAPPDATA") else None
    elif sys.platform == "darwin":
        data = home and home / "Library" / "Application Support"
    else:
        chosen = environment.get("XDG_DATA_HOME")
        data = Path(chosen) if chosen else home and home / ".local" / "share"
    folders = [data / "dcgan" / "runs"] if data is not None else []
    # Named after the user, because another one may own the folder of that name.
    user = os.getuid() if hasattr(os, "getuid") else "runs"
    try:
        return [*folders, Path(tempfile.gettempdir()) / f"dcgan-runs-{user}"]
    except FileNotFoundError:
        return folders
