"""The list of runs and the comparison of two, as JSON for the page and the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image

from dcgan.errors import RunError
from dcgan.images import encode
from dcgan.jobs.run_facts import Difference, differences, run_facts, same_latents
from dcgan.jobs.runs import find_run, list_runs, positions
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.jobs.visibility import visibility
from dcgan.training.runlog import SAMPLES_FOLDER, read_config
from dcgan.web.train.run_progress import MAX_RUNS, run_progress

TokenOf = Callable[[str], str]  # a run's id → the token that the visitor has for it, or ""
PER_SIDE = 2  # a thumbnail shows 2 × 2 faces of a grid
GRID_COLUMNS, GRID_GAP = 8, 2  # of a run's grid of samples; the gap in pixels


def run_rows(jobs: TrainingJobs, token_of: TokenOf) -> list[dict[str, Any]]:
    """Return the facts of the newest runs, the most recently written one first; "place" is that in the queue, or 0."""
    places = jobs.queue.places()
    runs = list_runs(jobs.runs)[:MAX_RUNS]
    return [{**run_row(jobs, jobs.runs / run, token_of(run)), "place": places.get(run, 0)} for run in runs]


def run_row(jobs: TrainingJobs, run: Path, token: str) -> dict[str, Any]:
    """Return a run's facts for a visitor. "kid" is that of the best model × 1000; "grid" is the newest grid's nimg."""
    facts, seen = run_facts(run), visibility(jobs, run, token)
    grids = positions(run, f"{SAMPLES_FOLDER}/[0-9]*.jpg")
    return {
        **asdict(facts),
        "name": seen.name(facts.name),
        "data": seen.data(facts.data),
        "kid": None if facts.kid is None else round(facts.kid * 1000, 1),
        "moves": jobs.moves(run.name, token),
        "mine": seen.mine,
        "grid": grids[-1] if grids else None,
    }


def comparison(jobs: TrainingJobs, first: str, second: str, token_of: TokenOf) -> dict[str, Any]:
    """Return both runs' facts and curves, and the settings that differ.

    "differences" is None where a run's settings cannot be read. Raises RunError for an unknown or the same run.
    """
    if not first or not second or first == second:
        raise RunError("Choose two different runs to compare.")
    folders = [find_run(jobs.runs, run) for run in (first, second)]
    runs = [
        {**run_row(jobs, run, token_of(run.name)), **run_progress(jobs, run.name, -1, token_of(run.name))}
        for run in folders
    ]
    try:
        configs = [read_config(run) for run in folders]
    except RunError:
        return {"runs": runs, "differences": None, "same_latents": False}
    found = differences(*configs)
    for run in folders:
        shown = visibility(jobs, run, token_of(run.name)).settings(one.setting for one in found)
        found = [one for one in found if one.setting in shown]
    rows = [Difference(one.setting, *(run["data"] for run in runs)) if one.setting == "data" else one for one in found]
    return {"runs": runs, "differences": [asdict(one) for one in rows], "same_latents": same_latents(*configs)}


def thumbnail(run: Path, nimg: int) -> bytes:
    """Return the first 2 × 2 faces of a run's grid as JPEG. Raises RunError when there is no such grid."""
    try:
        with Image.open(run / SAMPLES_FOLDER / f"{nimg:09d}.jpg") as grid:
            side = PER_SIDE * (grid.width - GRID_GAP) // GRID_COLUMNS - GRID_GAP
            part = grid.crop((GRID_GAP, GRID_GAP, GRID_GAP + side, GRID_GAP + side))
    except OSError:
        raise RunError(f"The run {run.name} has no grid after {nimg} pictures.") from None
    return encode(part, "jpeg")
