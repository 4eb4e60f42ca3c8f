"""Reading training runs from their folders: states, curves, grids. Nothing here writes, and nothing is remembered.

A trainer holds the lock file of its run as long as it lives, and the system lets go of it however the process ends.
So a run whose last word was "running" but whose lock is free has crashed, and nobody needs to have watched it happen.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from dcgan.errors import RunError
from dcgan.store import NAME
from dcgan.training.runlog import LOCK_FILE, METRICS_FILE, SCORES_FILE, STATUS_FILE
from dcgan.training.state import STATE_FILE

ACTIVE = ("starting", "running", "stopping")
TAIL = 64 * 1024  # bytes of metrics.jsonl that are read first


def list_runs(runs: Path) -> list[str]:
    """Ids of all runs in a folder, the one that was touched last first."""
    touched = {}
    for path in Path(runs).glob(f"*/{STATUS_FILE}"):
        if NAME.fullmatch(path.parent.name):
            with suppress(FileNotFoundError):  # a run that is being deleted
                touched[path.parent.name] = path.stat().st_mtime_ns
    return sorted(touched, key=lambda run: touched[run], reverse=True)


def find_run(runs: Path, run_id: str = "") -> Path:
    """The folder of a run; an empty id means the newest. Raises RunError when there is none."""
    if not run_id:
        known = list_runs(runs)
        if not known:
            raise RunError("There is no training run yet; start one.")
        return Path(runs) / known[0]
    if not NAME.fullmatch(run_id) or not (Path(runs) / run_id / STATUS_FILE).is_file():
        raise RunError(f"There is no run {run_id[:80]!r}.")
    return Path(runs) / run_id


def is_alive(run: Path) -> bool:
    """Whether a trainer is at work on the run."""
    return is_held(run / LOCK_FILE)


def is_held(lock: Path) -> bool:
    """Whether some living process holds a lock file. Those who ask do not disturb each other."""
    try:
        file = lock.open("rb")
    except FileNotFoundError:
        return False
    with file:
        return not _could_lock(file)


def _could_lock(file: BinaryIO) -> bool:
    """Tries the lock that filelock takes, shared where the system knows shared locks, and lets go of it at once."""
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


def read_status(run: Path) -> dict[str, Any]:
    """A run's status.json, corrected for a trainer that died, with what can be done next.

    Keys as in status.json, and `alive`, `can_resume`, `samples` (pictures seen at each kept grid) and `snapshot`
    (pictures seen by the newest model that can be loaded, or None).
    """
    status, alive = _read_json(run), is_alive(run)
    if status.get("state") in ACTIVE and not alive:
        # it may have ended well between the two looks, so its last word is read once more
        status = _read_json(run)
    kept = (run / STATE_FILE).is_file()
    if status.get("state") in ACTIVE and not alive:
        hope = "Resume goes on from the last state it kept." if kept else "It had not kept a state yet; start it again."
        status |= {"state": "crashed", "message": f"The trainer was ended from outside. {hope}", "eta": None}
    unfinished = status.get("state") not in ("finished", *ACTIVE)
    snapshots = positions(run, "snapshots/[0-9]*.safetensors")
    return {
        **status,
        "alive": alive,
        "can_resume": kept and unfinished and not alive,
        "samples": positions(run, "samples/[0-9]*.jpg"),
        "snapshot": snapshots[-1] if snapshots else None,
    }


def positions(run: Path, pattern: str) -> list[int]:
    """The numbers of pictures that a run's files are named by, in order."""
    return sorted(int(path.stem) for path in run.glob(pattern) if path.stem.isdecimal())


def _read_json(run: Path) -> dict[str, Any]:
    try:
        status = json.loads((run / STATUS_FILE).read_text("utf-8"))
        return {**status}
    except (OSError, ValueError, TypeError) as error:
        raise RunError(f"The run {run.name} has no readable {STATUS_FILE} ({error}).") from None


def read_metrics(run: Path, after: float = -1) -> list[dict[str, float]]:
    """The lines of metrics.jsonl beyond `after` pictures; a line that is still being written is left for later."""
    path = run / METRICS_FILE
    if not path.is_file():
        return []
    with path.open("rb") as file:
        size = file.seek(0, 2)
        # whoever follows a run needs only the end of it
        start = max(0, size - TAIL) if after >= 0 else 0
        lines = _lines_from(file, start)
        if start and (not lines or lines[0]["nimg"] > after):
            lines = _lines_from(file, 0)
    return [line for line in lines if line["nimg"] > after]


def read_scores(run: Path) -> list[dict[str, float]]:
    """The run's cheap evaluations so far, in order; few enough to be read whole."""
    path = run / SCORES_FILE
    if not path.is_file():
        return []
    with path.open("rb") as file:
        return _lines_from(file, 0)


def _lines_from(file: BinaryIO, start: int) -> list[dict[str, float]]:
    """The whole lines from a place in the file on; the first one may be cut by that place, the last by its writer."""
    file.seek(start)
    lines = []
    for text in file.read().split(b"\n"):
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and isinstance(line.get("nimg"), int | float):
            lines.append(line)
    return lines
