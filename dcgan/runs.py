"""Reading training runs from their folders: states, curves, grids. Nothing here writes, and nothing is remembered.

A trainer holds the lock file of its run as long as it lives, and the system lets go of it however the process ends.
So a run whose last word was "running" but whose lock is free has crashed, and nobody needs to have watched it happen.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dcgan.errors import RunError
from dcgan.store import NAME
from dcgan.training.runlog import LOCK_FILE, METRICS_FILE, STATUS_FILE
from dcgan.training.state import STATE_FILE

ACTIVE = ("starting", "running", "stopping")


def list_runs(runs: Path) -> list[str]:
    """Ids of all runs in a folder, the one that was touched last first."""
    found = [path.parent for path in Path(runs).glob(f"*/{STATUS_FILE}") if NAME.fullmatch(path.parent.name)]
    found.sort(key=lambda run: (run / STATUS_FILE).stat().st_mtime_ns, reverse=True)
    return [run.name for run in found]


def find_run(runs: Path, run_id: str = "") -> Path:
    """The folder of a run; an empty id means the newest. Raises RunError when there is none."""
    known = list_runs(runs)
    if not run_id and known:
        return Path(runs) / known[0]
    if run_id not in known:
        raise RunError(f"There is no run {run_id!r}." if run_id else "There is no training run yet; start one.")
    return Path(runs) / run_id


def is_alive(run: Path) -> bool:
    """Whether a trainer is at work on the run."""
    return is_held(run / LOCK_FILE)


def is_held(lock: Path) -> bool:
    """Whether some living process holds a lock file."""
    if not lock.is_file():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True


def read_status(run: Path) -> dict[str, Any]:
    """A run's status.json, corrected for a trainer that died, with what can be done next.

    Keys as in status.json, and `alive`, `can_resume`, `samples` (pictures seen at each kept grid).
    """
    try:
        status = json.loads((run / STATUS_FILE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"The run {run.name} has no readable {STATUS_FILE} ({error}).") from None
    alive = is_alive(run)
    kept = (run / STATE_FILE).is_file()
    if status.get("state") in ACTIVE and not alive:
        hope = "Resume goes on from the last state it kept." if kept else "It had not kept a state yet; start it again."
        status |= {"state": "crashed", "message": f"The trainer was ended from outside. {hope}", "eta": None}
    unfinished = status["state"] not in ("finished", *ACTIVE)
    samples = sorted(int(path.stem) for path in run.glob("samples/[0-9]*.jpg"))
    return {**status, "alive": alive, "can_resume": kept and unfinished and not alive, "samples": samples}


def read_metrics(run: Path, after: float = -1) -> list[dict[str, float]]:
    """The lines of metrics.jsonl beyond `after` pictures; a line that is still being written is left for later."""
    path = run / METRICS_FILE
    if not path.is_file():
        return []
    lines = []
    for text in path.read_text("utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if line["nimg"] > after:
            lines.append(line)
    return lines
