"""Train the small runs whose numbers and grids the tests of a run's health read (tests/fixtures/health).

    python tests/benchmarks/record_health_runs.py --work FOLDER [NAME …]

Each run is a real one: networks of 8 channels on 32 × 32 doodles, batch 16, three to ten thousand pictures,
evaluated with 300 pictures. It takes ten seconds of one core. The healthy ones are the presets with several seeds; the
others were made to fail by the settings below. "drifts" and "loses_variety" begin with the best model of "quick-2".
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from dcgan.config import make_config
from dcgan.errors import RunError
from dcgan.jobs.runs import sample_grids
from dcgan.store import ModelStore
from dcgan.training import best
from dcgan.training.loop import train
from dcgan.training.runlog import (
    CONFIG_FILE,
    METRICS_FILE,
    REALS_FILE,
    SAMPLES_FOLDER,
    SCORES_FILE,
    STATUS_FILE,
)
from dcgan.training.warm_start import warm_start

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "health"
TINY = {"image_size": 32, "ngf": 8, "ndf": 8, "nz": 16, "threads": 1, "precision": "fp32", "batch": 16}
LINES, EVALUATIONS, GRIDS, NEVER = 60, 12, 4, 10**9  # of each run
FREE = {"r1_gamma": 0, "augment": ""}  # nothing holds D back
FROM_TRAINED = {**FREE, "init": "best:quick-2", "ema_kimg": 0}


@dataclass(frozen=True)
class RunPlan:
    """A run: its preset, thousands of pictures, data set, and what differs from the preset."""

    preset: str
    kimg: int = 5
    data: str = "doodles:512"
    overrides: Mapping[str, Any] = field(default_factory=dict)


TUTORIAL = {"tutorial_steps": False}
HEALTHY = {
    **{f"quick-{seed}": RunPlan("quick", 10, overrides={"seed": seed}) for seed in (2, 3)},
    **{f"tutorial-{seed}": RunPlan("tutorial", 10, overrides={**TUTORIAL, "seed": seed}) for seed in (1, 2)},
    **{f"recommended-{seed}": RunPlan("recommended", 10, overrides={"seed": seed}) for seed in (1, 2)},
}
RUNS = {
    **HEALTHY,
    # D learns fifty times as fast as G, on 64 pictures
    "d_wins": RunPlan("tutorial", 5, "doodles:64", {**TUTORIAL, "lr_d": 1e-3, "lr_g": 2e-5, "ndf": 16}),
    # G learns forty times as fast as D
    "d_is_fooled": RunPlan("quick", overrides={**FREE, "lr_g": 2e-3, "lr_d": 5e-5}),
    # A trained G learns on while D stands still
    "drifts": RunPlan("quick", overrides={**FROM_TRAINED, "lr_g": 3e-5, "lr_d": 1e-6}),
    "loses_variety": RunPlan("quick", overrides={**FROM_TRAINED, "lr_g": 2e-4, "lr_d": 1e-6}),
    # Ten times the preset's rates, with momentum
    "runs_away": RunPlan("quick", 3, overrides={**FREE, "lr_g": 0.01, "lr_d": 0.01, "beta1": 0.9}),
}


def record(name: str, work: Path) -> None:
    """Train one run in `work`."""
    plan, run = RUNS[name], work / name
    pictures = 1000 * plan.kimg
    intervals = {
        "kimg": plan.kimg,
        "log_every": pictures // LINES,
        "eval_every": pictures // EVALUATIONS,
        "sample_every": pictures // GRIDS,
        **dict.fromkeys(("line_every", "snapshot_every", "state_every"), NEVER),
    }
    config = make_config(plan.preset, plan.data, {**TINY, **intervals, **plan.overrides})
    if config.init:
        config, initialise = warm_start(config, ModelStore(work, work), ())
    else:
        initialise = lambda state: None  # noqa: E731
    shutil.rmtree(run, ignore_errors=True)
    try:
        train(config, run, torch.device("cpu"), initialise=initialise)
    except RunError as error:
        print(error)


def keep(name: str, work: Path) -> None:
    """Copy what the tests read of a run in `work`: its numbers and reals, and one grid.

    Of a healthy run it is that at half of its length, when its pictures are most alike; of the others the last one.
    """
    run, kept = work / name, FIXTURES / name
    shutil.rmtree(kept, ignore_errors=True)
    (kept / SAMPLES_FOLDER).mkdir(parents=True)
    grid = sample_grids(run)[-3 if name in HEALTHY else -1]
    for file in [*(run / part for part in (CONFIG_FILE, STATUS_FILE, METRICS_FILE, SCORES_FILE, REALS_FILE)), grid]:
        shutil.copyfile(file, kept / file.relative_to(run))


def main() -> None:
    """Record the named runs, by default all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--work", type=Path, required=True, help="a folder for the runs themselves")
    parser.add_argument("names", nargs="*", default=list(RUNS), metavar="NAME", help=f"of: {', '.join(RUNS)}")
    args = parser.parse_args()
    best.SAMPLES = 300
    for name in args.names:
        record(name, args.work)
        keep(name, args.work)


if __name__ == "__main__":
    main()
