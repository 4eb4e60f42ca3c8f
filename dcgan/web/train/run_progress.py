"""The status and the curves of a run, as JSON for the page and the API."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np

from dcgan.jobs.run_curves import METRICS, Curve, merge
from dcgan.jobs.runs import find_run, list_runs
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.jobs.visibility import visibility
from dcgan.losses import D_LOSS_AT_EQUILIBRIUM, G_LOSS_AT_EQUILIBRIUM
from dcgan.training.best import best_of
from dcgan.training.runlog import CONFIG_FILE, METRICS_FILE, SCORES_FILE

STATUS_KEYS = ("run", "state", "message", "nimg", "total", "speed", "eta", "preset", "count", "started", "alive")
LOSSES_AND_D = ("G_loss", "D_loss", "D_x", "D_G_z1", "D_G_z2")
MAX_POINTS = 1500  # points of a curve in one answer
MAX_RUNS = 200  # runs in the list to choose from


def run_status(jobs: TrainingJobs, run_id: str, token: str = "") -> dict[str, Any]:
    """Return the status of a run (empty id: the newest) for a visitor. Raises RunError when there is none.

    "place" is that in the queue, 1 for the next run; 0 for a run that does not wait. Only the owner is told the name of
    private pictures and errors about them.
    """
    status = jobs.status(run_id)
    folder = find_run(jobs.runs, run_id)
    seen = visibility(jobs, folder, token)
    shown = {
        name: status.get(name)
        for name in (*STATUS_KEYS, "can_resume", "snapshot", "snapshots", "samples", *LOSSES_AND_D)
    }
    return {
        **shown,
        "place": jobs.queue.place(folder.name),
        "message": seen.message(str(status.get("state")), str(status.get("message") or "")),
        "data": seen.data(str(status.get("data") or "")),
    }


def run_progress(jobs: TrainingJobs, run_id: str, after: float, token: str) -> dict[str, Any]:
    """Return a run's status and its curves beyond `after` pictures; {"run": None} when there is no run.

    An empty id means the run that is training, or else the newest. "moves" are those in the queue that the visitor may
    make: "up", "down", both or none.
    """
    running = jobs.running()
    run_id = run_id or running or next(iter(list_runs(jobs.runs)), "")
    if not run_id:
        return {"run": None, "running": None}
    status = run_status(jobs, run_id, token)
    folder = find_run(jobs.runs, run_id)
    metrics, scores = jobs.metrics.read(folder / METRICS_FILE), jobs.scores.read(folder / SCORES_FILE)
    kid, coverage = scores.values.T
    best = best_of({"nimg": n, "kid": k, "coverage": c} for n, k, c in zip(scores.nimg, kid, coverage, strict=True))
    new = metrics.after(after)
    return {
        **status,
        "running": running,
        "mine": jobs.may_control(run_id, token),
        "moves": jobs.moves(run_id, token),
        "curve": curve_points(Curve(new.nimg, new.values[:, : METRICS.index("seconds")]), 4),
        "scores": curve_points(Curve(scores.nimg, np.stack([kid * 1000, coverage], axis=1)), 3),
        "best": int(best["nimg"]) if best else None,
        "elapsed": _elapsed(folder / METRICS_FILE, metrics, bool(status["alive"])),
        **_config_facts(jobs, run_id),
    }


def list_newest_runs(jobs: TrainingJobs) -> list[str]:
    """Return the ids of the newest runs, newest first. Only ids, because every open page requests them each second."""
    return list_runs(jobs.runs)[:MAX_RUNS]


def curve_points(curve: Curve, digits: int) -> list[list[float | None]]:
    """Return a curve as rows [nimg, values], or [nimg, means, least values, greatest values] of MAX_POINTS at most."""
    merged = merge(curve, MAX_POINTS)
    is_merged = len(merged.nimg) < len(curve.nimg)
    columns = np.hstack([merged.mean, merged.low, merged.high]) if is_merged else merged.mean
    return [
        [int(nimg), *(value if math.isfinite(value) else None for value in row)]
        for nimg, row in zip(merged.nimg, columns.round(digits).tolist(), strict=True)
    ]


def _elapsed(path: Path, metrics: Curve, alive: bool) -> float:
    """Return the seconds of training: those of the last line of metrics.jsonl, plus those since then while training."""
    if not len(metrics.nimg):
        return 0.0
    since = max(0.0, time.time() - path.stat().st_mtime) if alive else 0.0
    return float(np.nan_to_num(metrics.values[-1, METRICS.index("seconds")])) + since


def _config_facts(jobs: TrainingJobs, run_id: str) -> dict[str, Any]:
    """Return "facts", the settings in one line, "loss", the loss function, and both losses at equilibrium."""
    try:
        config = json.loads((jobs.runs / run_id / CONFIG_FILE).read_text("utf-8"))
        model = config["model"]
        facts = (
            f"preset {config['preset']} · {model['image_size']} × {model['image_size']} · batch {config['batch']} · "
            f"{config['loss']} · ngf {model['ngf']} · ndf {model['ndf']} · threads {config['threads']}, "
            f"{config['precision']}"
        )
        return {"facts": facts, **_at_equilibrium(config["loss"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"facts": "", **_at_equilibrium("bce")}  # config.json is not written yet


def _at_equilibrium(loss: str) -> dict[str, Any]:
    """Return a loss function's name, and the losses of D and of G when D cannot tell real from fake."""
    return {"loss": loss, "equilibrium": D_LOSS_AT_EQUILIBRIUM[loss], "equilibrium_g": G_LOSS_AT_EQUILIBRIUM[loss]}
