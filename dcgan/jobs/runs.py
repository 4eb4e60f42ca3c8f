"""Find training runs and read what their folders hold: curves, grids, models. Nothing here writes or caches.

A trainer holds the lock file of its run while it lives, and the operating system releases the lock however the process
ends.
"""

from __future__ import annotations

import fnmatch
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from dcgan.errors import RunError
from dcgan.store import BEST_FOLDER, NAME, SNAPSHOTS
from dcgan.training.runlog import (
    LOCK_FILE,
    METRICS_FILE,
    QUEUED_FILE,
    SAMPLES_FOLDER,
    SCORES_FILE,
    STATUS_FILE,
)

TAIL = 64 * 1024  # bytes of metrics.jsonl that are read first


def list_runs(runs: Path) -> list[str]:
    """Ids of all runs in a folder, the most recently written one first."""
    written = {}
    for name in filter(NAME.fullmatch, _names(Path(runs))):
        with suppress(FileNotFoundError, NotADirectoryError):  # no run, or one that is being deleted
            written[name] = os.stat(f"{runs}/{name}/{STATUS_FILE}").st_mtime_ns
    return sorted(written, key=lambda run: written[run], reverse=True)


def find_run(runs: Path, run_id: str = "") -> Path:
    """Return the folder of a run; an empty id means the newest. Raises RunError when there is none."""
    if not run_id:
        known = list_runs(runs)
        if not known:
            raise RunError("There is no training run yet; start one.")
        return Path(runs) / known[0]
    if not NAME.fullmatch(run_id) or not (Path(runs) / run_id / STATUS_FILE).is_file():
        raise RunError(f"There is no run {run_id[:80]!r}.")
    return Path(runs) / run_id


def is_alive(run: Path) -> bool:
    """Whether a trainer process is working on the run."""
    return is_locked(run / LOCK_FILE)


def is_queued(run: Path) -> bool:
    """Whether the run waits in the queue to be trained."""
    return (run / QUEUED_FILE).is_file() and not is_alive(run)


def is_locked(lock: Path) -> bool:
    """Whether a living process holds a lock file. Several processes can ask at the same time."""
    try:
        file = lock.open("rb")
    except FileNotFoundError:
        return False
    with file:
        return not _try_lock(file)


def _try_lock(file: BinaryIO) -> bool:
    """Try the lock that filelock takes, shared where the system has shared locks; closing the file releases it."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        return True
    else:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def has_models(run: Path) -> bool:
    """Whether the run has saved a model, as a snapshot or as its best."""
    return bool(positions(run, SNAPSHOTS)) or (run / BEST_FOLDER).is_dir()


def sample_grids(run: Path) -> list[Path]:
    """Return the files of the run's sample grids, first to newest."""
    return [run / SAMPLES_FOLDER / f"{nimg:09d}.jpg" for nimg in positions(run, f"{SAMPLES_FOLDER}/[0-9]*.jpg")]


def positions(run: Path, pattern: str) -> list[int]:
    """Return the numbers of pictures that a run's files are named by, in order; pattern: "FOLDER/NAMES"."""
    folder, _, names = pattern.partition("/")
    stems = (os.path.splitext(name)[0] for name in fnmatch.filter(_names(run / folder), names))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def _names(folder: Path) -> list[str]:
    """Return the names in a folder; none where there is no folder. Every open page asks each second: not by `glob`."""
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def read_metrics(run: Path, after: float = -1) -> list[dict[str, float]]:
    """Return the lines of metrics.jsonl beyond `after` pictures, without a line that is only half written."""
    path = run / METRICS_FILE
    if not path.is_file():
        return []
    with path.open("rb") as file:
        size = file.seek(0, 2)
        # A page that follows a run needs only the end of the file.
        start = max(0, size - TAIL) if after >= 0 else 0
        lines = _lines_from(file, start)
        if start and (not lines or lines[0]["nimg"] > after):
            lines = _lines_from(file, 0)
    return [line for line in lines if line["nimg"] > after]


def read_latest_metrics(run: Path) -> list[dict[str, float]]:
    """Return the last lines of metrics.jsonl, some hundred."""
    path = run / METRICS_FILE
    if not path.is_file():
        return []
    with path.open("rb") as file:
        return _lines_from(file, max(0, file.seek(0, 2) - TAIL))


def newest_metrics(run: Path) -> dict[str, float]:
    """Return the last line of metrics.jsonl; {} where there is none."""
    lines = read_latest_metrics(run)
    return lines[-1] if lines else {}


def read_scores(run: Path) -> list[dict[str, float]]:
    """Return all evaluations of the run so far, in order."""
    path = run / SCORES_FILE
    if not path.is_file():
        return []
    with path.open("rb") as file:
        return _lines_from(file, 0)


def _lines_from(file: BinaryIO, start: int) -> list[dict[str, float]]:
    """Return the whole JSON lines from a byte offset on; the first and the last may be cut, and are skipped then."""
    file.seek(start)
    return parse_lines(file.read())


def parse_lines(content: bytes) -> list[dict[str, float]]:
    """Return the JSON lines that have "nimg", a number; others, such as one that was cut short, are skipped."""
    lines = []
    for text in content.split(b"\n"):
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and isinstance(line.get("nimg"), int | float):
            lines.append(line)
    return lines
