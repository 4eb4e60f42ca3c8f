"""Make the folder of a new run, and delete the oldest ones of a public page."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from dcgan.errors import RunError
from dcgan.jobs.owners import has_owner
from dcgan.jobs.runs import is_queued, list_runs
from dcgan.jobs.trash import TRASH, list_trash


def make_run_folder(runs: Path, data: str) -> Path:
    """Make a folder in `runs` that is named by the time and the data set's spec. Raises RunError if it cannot."""
    source, rest = re.split(r"[:?]|$", data.strip(), maxsplit=1)
    label = source if source in ("doodles", "zip", "upload") else Path(rest.partition("?")[0]).name
    label = re.sub(r"[^A-Za-z0-9_-]+", "-", label).strip("-")[:40] or "run"
    stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{label}"
    for number in range(1, 1000):
        run = runs / (stem if number == 1 else f"{stem}-{number}")
        try:
            run.mkdir(parents=True)
            return run
        except FileExistsError:
            continue
        except OSError as error:
            raise RunError(f"No run can be kept in {runs} ({error}); set DCGAN_RUNS to a folder that can.") from None
    raise RunError(f"{runs} holds too many runs of the same second; try again.")


def delete_oldest_visitors_runs(runs: Path, most: int) -> None:
    """Delete the oldest runs that visitors started, until `most` remain, so that the disk does not fill.

    Those in the trash go first. A run in the queue stays, however old it is.
    """
    trash = runs / TRASH
    kept = [runs / run for run in list_runs(runs)] + [trash / run for run in list_trash(runs)]
    for run in list(filter(has_owner, kept))[most:]:
        if not is_queued(run):
            shutil.rmtree(run, ignore_errors=True)
