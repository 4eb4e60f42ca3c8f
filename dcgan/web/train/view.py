"""A run as the page and the API show it: its status in plain numbers, its curve in increments."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from dcgan.data.spec import KINDS, PUBLIC_KINDS
from dcgan.jobs.runs import find_run, list_runs, read_metrics, read_scores
from dcgan.jobs.trainer import Jobs
from dcgan.losses import D_LOSS_AT_DRAW
from dcgan.training.best import alarm, best_of
from dcgan.training.runlog import CONFIG_FILE, METRICS_FILE

SHOWN = ("run", "state", "message", "nimg", "total", "speed", "eta", "preset", "count", "started", "alive")
MEANS = ("G_loss", "D_loss", "D_x", "D_G_z1", "D_G_z2")
POINTS = 1500  # of a curve that is sent whole
RUNS = 200  # in the list to choose from


def status_of(jobs: Jobs, run_id: str) -> dict[str, Any]:
    """What is to be told about a run (empty: the newest) in a few numbers. Raises RunError when there is none."""
    status = jobs.status(run_id)
    told = {name: status.get(name) for name in (*SHOWN, "can_resume", "snapshot", "samples", *MEANS)}
    # neither a sentence nor a name tells a visitor where the pictures lie on this machine
    told["message"] = without_paths(jobs, str(status.get("message") or ""))
    told["data"] = data_name(str(status.get("data") or ""))
    return told


def without_paths(jobs: Jobs, sentence: str) -> str:
    """A sentence for a visitor: an upload is not told by the folder it is kept in."""
    return sentence.replace(f"{jobs.uploads.folder}{os.sep}", "")


def watch(jobs: Jobs, run_id: str, after: float, token: str) -> dict[str, Any]:
    """A run and the part of its curve beyond `after` pictures; {"run": None} where there is no run at all.

    Without an id it is the run that is going on, else the newest.
    """
    running = jobs.running()
    run_id = run_id or running or next(iter(list_runs(jobs.runs)), "")
    if not run_id:
        return {"run": None, "running": None}
    told = status_of(jobs, run_id)
    folder = find_run(jobs.runs, run_id)
    lines = read_metrics(folder, after)
    scores = read_scores(folder)
    best = best_of(scores)
    curve = [[line["nimg"], *(_number(line.get(name)) for name in MEANS[:4])] for line in thin(lines, POINTS)]
    return {
        **told,
        "running": running,
        "mine": jobs.may_control(run_id, token),
        "curve": curve,
        "scores": [[s["nimg"], round(s["kid"] * 1000, 1), round(s["coverage"], 3)] for s in thin(scores, POINTS)],
        "best": best["nimg"] if best else None,
        "alarm": alarm(scores),
        "elapsed": _elapsed(jobs, run_id, lines, bool(told["alive"])),
        **_recipe(jobs, run_id),
    }


def runs(jobs: Jobs) -> list[str]:
    """All runs, the newest first, as one chooses among them. Only names, since every page asks every second."""
    return list_runs(jobs.runs)[:RUNS]


def thin(lines: list[dict[str, float]], most: int) -> list[dict[str, float]]:
    """A curve of at most `most` points: means over neighbours, each at the place of its last one."""
    if len(lines) <= most:
        return lines
    size = -(-len(lines) // most)
    groups = [lines[i : i + size] for i in range(0, len(lines), size)]
    return [
        {
            name: sum(line[name] for line in group) / len(group)
            for name in group[0]
            if all(name in line for line in group)
        }
        | {name: group[-1][name] for name in ("nimg", "seconds") if name in group[-1]}
        for group in groups
    ]


def data_name(spec: str) -> str:
    """What a data set is called, without the folder it lies in."""
    kind, _, rest = spec.partition(":")
    if kind in PUBLIC_KINDS or kind.partition("?")[0] not in KINDS:
        return spec if kind in PUBLIC_KINDS else kind
    if kind == "zip" and ".uploads" in rest:
        return "an uploaded zip"
    return rest.partition("?")[0].rstrip("/").rpartition("/")[2]


def _elapsed(jobs: Jobs, run_id: str, lines: list[dict[str, float]], alive: bool) -> float:
    """Seconds of work, over all sittings: what the last line says, and what has passed since."""
    path = jobs.runs / run_id / METRICS_FILE
    newest = lines[-1:] or read_metrics(jobs.runs / run_id, 0)[-1:]
    if not newest:
        return 0.0
    since = max(0.0, time.time() - path.stat().st_mtime) if alive else 0.0
    return float(newest[0].get("seconds", 0.0)) + since


def _recipe(jobs: Jobs, run_id: str) -> dict[str, Any]:
    """The recipe in a line, "facts", and D's loss where it cannot tell real from fake, "draw"."""
    try:
        config = json.loads((jobs.runs / run_id / CONFIG_FILE).read_text("utf-8"))
        model = config["model"]
        facts = (
            f"preset {config['preset']} · {model['image_size']} × {model['image_size']} · batch {config['batch']} · "
            f"{config['loss']} · ngf {model['ngf']} · ndf {model['ndf']} · threads {config['threads']}, "
            f"{config['precision']}"
        )
        return {"facts": facts, "draw": D_LOSS_AT_DRAW[config["loss"]]}
    except (OSError, ValueError, KeyError, TypeError):
        return {"facts": "", "draw": D_LOSS_AT_DRAW["bce"]}  # a run that is only just beginning has none yet


def _number(value: object) -> float | None:
    return round(float(value), 4) if isinstance(value, int | float) else None
