"""Deleted runs: they are moved into the folder `.trash` of the runs' folder, and deleted for good after a day.

The time at which a run was deleted is the modification time of its folder.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from dcgan.errors import RunError
from dcgan.jobs.runs import is_alive
from dcgan.store import NAME
from dcgan.training.runlog import QUEUED_FILE, STATUS_FILE

TRASH = ".trash"
KEPT = 24 * 3600.0  # seconds from the deletion of a run to that of its files


def move_to_trash(run: Path) -> None:
    """Move a run's folder into the trash, out of the queue. A run of the same id that lies there is deleted for good.

    Raises RunError while the run is being trained, and where the folder cannot be moved.
    """
    if is_alive(run):
        raise RunError(f"The run {run.name} is being trained; stop it before you delete it.")
    place = run.parent / TRASH / run.name
    try:
        place.parent.mkdir(exist_ok=True)
        delete_for_good(place)
        (run / QUEUED_FILE).unlink(missing_ok=True)
        os.utime(run)
        run.rename(place)
    except OSError as error:
        raise RunError(f"The run {run.name} cannot be deleted ({error.strerror or error}).") from None


def list_trash(runs: Path) -> list[str]:
    """Return the ids of the deleted runs that can be restored, the one deleted last first."""
    deleted = {}
    for path in (Path(runs) / TRASH).glob(f"*/{STATUS_FILE}"):
        with suppress(FileNotFoundError):  # it is being restored or deleted for good
            deleted[path.parent.name] = path.parent.stat().st_mtime_ns
    return sorted(filter(NAME.fullmatch, deleted), key=lambda run: deleted[run], reverse=True)


def find_in_trash(runs: Path, run_id: str) -> Path:
    """Return the folder of a deleted run. Raises RunError when there is none of that id."""
    run = Path(runs) / TRASH / run_id
    if not NAME.fullmatch(run_id) or not (run / STATUS_FILE).is_file():
        raise RunError(f"There is no deleted run {run_id[:80]!r}; deleted runs are kept for a day.")
    return run


def restore_from_trash(runs: Path, run_id: str) -> Path:
    """Move a deleted run back among the runs, and return its folder. Raises RunError when that is not possible."""
    run, place = find_in_trash(runs, run_id), Path(runs) / run_id
    if place.exists():
        raise RunError(f"There is another run {run_id}; delete or move that one first.")
    try:
        run.rename(place)
    except OSError as error:
        raise RunError(f"The run {run_id} cannot be restored ({error.strerror or error}).") from None
    return place


def empty_trash(runs: Path, older_than: float = KEPT) -> None:
    """Delete the files of runs that were deleted more than so many seconds ago."""
    for run in (Path(runs) / TRASH).glob("*/"):
        with suppress(FileNotFoundError):  # it is being restored
            if run.stat().st_mtime <= time.time() - older_than:
                delete_for_good(run)


def delete_for_good(run: Path) -> None:
    """Delete the files of a run that lies in the trash."""
    shutil.rmtree(run, ignore_errors=True)
