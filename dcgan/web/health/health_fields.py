"""A run's health as JSON for the page and the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dcgan.errors import DCGANError
from dcgan.jobs.run_health import next_run, run_health
from dcgan.jobs.runs import find_run
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.training.health.alarm import NO_ACTION, STOP_KEEP_BEST
from dcgan.training.runlog import read_config

JSON = dict[str, Any]


def health_fields(jobs: TrainingJobs, run_id: str, token: str = "") -> JSON:
    """Return {"run", "verdict", "mine", "alarms"} of a run (empty id: the newest) for a visitor.

    An alarm's "start" is what /train/start takes for the run that the alarm's action begins; None for a visitor who may
    not stop this run, and where there is no such run. Raises RunError when there is no run of that id.
    """
    folder = find_run(jobs.runs, run_id)
    health, mine = run_health(folder), jobs.may_control(folder.name, token)
    alarms = [
        {**asdict(alarm), "start": _start(jobs, folder.name, alarm.action) if mine else None} for alarm in health.alarms
    ]
    return {"run": folder.name, "verdict": health.verdict, "mine": mine, "alarms": alarms}


def _start(jobs: TrainingJobs, run_id: str, action: str) -> JSON | None:
    if action in (NO_ACTION, STOP_KEEP_BEST):
        return None
    folder = find_run(jobs.runs, run_id)
    try:
        data = read_config(folder).data
        jobs.data_spec(data)  # a visitor's upload on a public page can be used only by its secret name
        return {"data": data, **next_run(folder, action)}
    except DCGANError:
        return None
