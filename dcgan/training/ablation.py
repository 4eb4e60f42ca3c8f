"""What each ingredient of a recipe is worth: the same short run again and again, with one thing changed at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from dcgan.config import TrainConfig, make_config
from dcgan.errors import RequestError
from dcgan.jobs.runs import read_metrics, read_status
from dcgan.training.loop import train
from dcgan.training.runlog import STATUS_FILE

# name → what differs from the recommended preset; "preset" stands for another one as a whole
VARIANTS: dict[str, dict[str, Any]] = {
    "recommended": {},
    "bce": {"loss": "bce", "r2_gamma": 0},
    "hinge-spectral": {"loss": "hinge", "d_norm": "spectral", "r1_gamma": 0, "r2_gamma": 0},
    "batchnorm-d": {"loss": "bce", "d_norm": "batch", "r1_gamma": 0, "r2_gamma": 0},
    "no-augmentation": {"augment": ""},
    "cutout": {"augment": "translation,cutout"},
    "color": {"augment": "color,translation"},
    "no-mirror": {"xflip": False},
    "no-r1": {"r1_gamma": 0},
    "no-r2": {"r2_gamma": 0},
    "gamma-0.1": {"r1_gamma": 0.1, "r2_gamma": 0.1},
    "gamma-2": {"r1_gamma": 2, "r2_gamma": 2},
    "deviation": {"mbstd": 8},
    "negatives": {"negatives": 1},
    "lr-2e-4": {"lr_g": 2e-4, "lr_d": 2e-4},
    "lr-1.6e-3": {"lr_g": 1.6e-3, "lr_d": 1.6e-3},
    "betas-0-0.99": {"beta1": 0, "beta2": 0.99},
    "batch-64": {"batch": 64},
    "batch-128": {"batch": 128},
    "no-average": {"ema_kimg": 0},
    "full-width": {"ngf": 64, "ndf": 64},
    "tutorial": {"preset": "tutorial"},
}


def variant_config(name: str, data: str, kimg: float, settings: Mapping[str, Any]) -> TrainConfig:
    """The configuration of a variant that shows `kimg` thousand pictures; `settings` are common to all of them.

    Raises RequestError for a name that is none, ConfigError for settings that are none.
    """
    if name not in VARIANTS:
        raise RequestError(f"There is no variant {name!r:.60}; choose among {', '.join(VARIANTS)}.")
    changes = dict(VARIANTS[name])
    preset = str(changes.pop("preset", "recommended"))
    # only the end is looked at
    once = {"eval_every": 0, "sample_every": kimg * 1000, "snapshot_every": kimg * 1000}
    return make_config(preset, data, {**once, **settings, **changes, "kimg": kimg})


def train_variant(
    name: str,
    config: TrainConfig,
    runs: Path,
    device: torch.device,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int, int], None] = lambda nimg, total: None,
) -> Path | None:
    """Trains a variant in a folder of its own, or finds it trained already; returns its model's file, or None when it
    was stopped before its end, from where the next call goes on."""
    run = runs / name
    if not (run / STATUS_FILE).is_file() or read_status(run).get("state") != "finished":
        outcome = train(config, run, device, should_stop, on_progress)
        if outcome != "finished":
            return None
    return max((run / "snapshots").glob("[0-9]*.safetensors"))


def minutes(run: Path) -> float:
    """How long a run has trained."""
    lines = read_metrics(run, 0)
    return float(lines[-1]["seconds"]) / 60 if lines else 0.0
