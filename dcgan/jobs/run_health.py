"""The health of a run in a folder, and the settings of a follow-up run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dcgan.config import AUGMENTATIONS, TrainConfig, make_config
from dcgan.errors import RunError
from dcgan.images import Array, split_grid
from dcgan.jobs.configure import REPORTS_PER_RUN
from dcgan.jobs.run_status import read_status
from dcgan.jobs.runs import has_models, read_latest_metrics, read_scores, sample_grids
from dcgan.store import BEST_FOLDER
from dcgan.training.best import best_of
from dcgan.training.health.alarm import LOWER_RATES, RAISE_AUGMENTATION, Alarm
from dcgan.training.health.evidence import Evidence
from dcgan.training.health.examine import examine, verdict
from dcgan.training.runlog import REALS_FILE, read_config

# Settings that a follow-up run does not inherit: they follow from its initial model, its length or the machine.
NOT_INHERITED = {"data", "preset", "model", "init", "init_seen", "ema_rampup", "kimg", "epochs", "precision", "threads"}
SHORTEST_KIMG = 1.0
EMPTY_CELL = 250  # the gap's white in a JPEG is a little darker


@dataclass(frozen=True)
class Health:
    """A run's alarms, gravest first, and "balanced", "early" or "alarmed"."""

    verdict: str
    alarms: list[Alarm]


def run_health(run: Path) -> Health:
    """Examine a run by its files. Raises RunError when there is none."""
    status = read_status(run)
    config = _config(run)
    metrics, grids = read_latest_metrics(run), sample_grids(run)
    evidence = Evidence(
        metrics=metrics,
        scores=read_scores(run),
        nimg=int(metrics[-1]["nimg"]) if metrics else 0,
        total=int(status.get("total") or 0),
        count=int(status.get("count") or 0),
        augmentations=config.augment_names if config else (),
        failure=str(status.get("message") or "") if status.get("state") == "failed" else "",
        fakes=_cells(grids[-1]) if grids else None,
        reals=_cells(run / REALS_FILE),
    )
    alarms = examine(evidence)
    return Health(verdict(evidence, alarms), alarms)


def next_run(run: Path, action: str) -> dict[str, Any]:
    """Return {"preset", "overrides"}, the request of the follow-up run for an alarm's action.

    Its initial model is this run's best, or the newest, or fresh weights where there is none. Its length is the rest of
    this run's, or half of this run's if there is little left. Raises RunError for an action that begins no run.
    """
    config, status = read_config(run), read_status(run)
    preset = make_config(config.preset, config.data)
    # Intervals were shortened to the run's length, and are again.
    names = config.__dataclass_fields__.keys() - NOT_INHERITED - REPORTS_PER_RUN.keys()
    changed = {name: getattr(config, name) for name in names if getattr(config, name) != getattr(preset, name)}
    total, scores = int(status.get("total") or 0), read_scores(run)
    best = best_of(scores)
    begun = best["nimg"] if best else int(status.get("nimg") or 0)
    kimg = max(SHORTEST_KIMG, round(max(total - begun, total / 2) / 1000, 3))
    return {
        "preset": config.preset,
        "overrides": {**changed, **_init(run, config), **_change(config, action), "kimg": kimg},
    }


def _change(config: TrainConfig, action: str) -> dict[str, Any]:
    if action == LOWER_RATES:
        return {"lr_g": config.lr_g / 2, "lr_d": config.lr_d / 2}
    if action == RAISE_AUGMENTATION:
        return {"augment": raise_augmentation(config.augment_names)}
    raise RunError(f"No run begins with the action {action!r}; choose {LOWER_RATES} or {RAISE_AUGMENTATION}.")


def raise_augmentation(names: tuple[str, ...]) -> str:
    """Add one augmentation: translation first, which leaks least into the samples, then colour, then cutout."""
    order = sorted(AUGMENTATIONS, key=("translation", "color", "cutout").index)
    missing = [name for name in order if name not in names]
    return ",".join([*names, *missing[:1]])


def _init(run: Path, config: TrainConfig) -> dict[str, Any]:
    """Return the model to begin with, or the shape of the run's networks where it kept none."""
    if (run / BEST_FOLDER).is_dir():
        return {"init": f"best:{run.name}"}
    if has_models(run):
        return {"init": f"run:{run.name}"}
    model, usual = config.model, make_config(config.preset, config.data).model
    names = model.__dataclass_fields__
    return {name: getattr(model, name) for name in names if getattr(model, name) != getattr(usual, name)}


def _config(run: Path) -> TrainConfig | None:
    with suppress(RunError):
        return read_config(run)
    return None


def _cells(path: Path) -> Array | None:
    """Return the pictures of a grid, uint8 [N, S, S, 3], without empty cells; None if there are not two."""
    try:
        with Image.open(path) as image:
            pictures = split_grid(np.asarray(image.convert("RGB")))
    except (OSError, ValueError):
        return None
    pictures = pictures[pictures.min(axis=(1, 2, 3)) < EMPTY_CELL]
    return pictures if len(pictures) > 1 else None
