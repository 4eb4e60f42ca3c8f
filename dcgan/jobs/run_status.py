"""The state of a run, as its folder tells it: queued, running, paused, crashed … and what can be done next.

A run whose status.json says "running" while its lock is free has crashed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dcgan.errors import RunError
from dcgan.jobs.runs import has_models, is_alive, is_queued, positions
from dcgan.store import SNAPSHOTS
from dcgan.training.runlog import SAMPLES_FOLDER, STATUS_FILE, read_config
from dcgan.training.state import STATE_FILE

ACTIVE = ("starting", "running", "stopping")


def read_status(run: Path) -> dict[str, Any]:
    """Return a run's status.json, corrected for a run in the queue and a trainer that died, and what can be done next.

    The keys are those of status.json, and `alive`, `can_resume`, `samples` (pictures seen at each kept grid),
    `snapshots` (pictures seen by each model that can be loaded) and `snapshot` (the last of these, or None).
    """
    queued = is_queued(run)
    status, alive = read_status_file(run), is_alive(run)
    if status.get("state") in ACTIVE and not alive:
        # The trainer may have finished between the two reads.
        status = read_status_file(run)
    state, has_state = status.get("state"), (run / STATE_FILE).is_file()
    crashed = state in ACTIVE and not alive and not queued
    # A run that failed before its first state would fail again in the same way.
    can_resume = (
        not alive and not queued and state != "finished" and (has_state or (state != "failed" and can_begin(run)))
    )
    if queued and not alive:
        status |= {"state": "queued", "message": "", "eta": None}
    if crashed:
        advice = "It kept no state yet; start it again."
        if can_resume:
            advice = f"Resume continues from {'its last state' if has_state else 'the beginning'}."
        status |= {"state": "crashed", "message": f"The trainer ended without saving. {advice}", "eta": None}
    snapshots = positions(run, SNAPSHOTS)
    return {
        **status,
        "alive": alive,
        "can_resume": can_resume,
        "samples": positions(run, f"{SAMPLES_FOLDER}/[0-9]*.jpg"),
        "snapshots": snapshots,
        "snapshot": snapshots[-1] if snapshots else None,
    }


def can_begin(run: Path) -> bool:
    """Whether the run can be trained from the beginning: it has a config.json, and has saved no state so far.

    A run whose state file was deleted after it was saved is not begun again: that would overwrite its models.
    """
    if (run / STATE_FILE).is_file():
        return False
    try:
        config = read_config(run)
    except RunError:
        return False
    if not (run / STATUS_FILE).is_file():
        return True
    try:
        status = read_status_file(run)
    except RunError:
        return not has_models(run)
    if "state_saved" in status:
        return not status["state_saved"]
    # A run of an earlier version of this program: its trainer saved at every state_every and at the end.
    nimg = status.get("nimg") or 0
    return nimg == 0 or (status.get("state") not in ("finished", "stopped") and nimg < config.state_every)


def read_status_file(run: Path) -> dict[str, Any]:
    """Return a run's status.json as its trainer wrote it. Raises RunError when it cannot be read."""
    try:
        status = json.loads((run / STATUS_FILE).read_text("utf-8"))
        return {**status}
    except (OSError, ValueError, TypeError) as error:
        raise RunError(f"The run {run.name} has no readable {STATUS_FILE} ({error}).") from None
