"""The presets: what each changes of `TrainConfig`'s defaults.

"tutorial" is exactly the recipe of the PyTorch DCGAN tutorial. "quick" shows faces within minutes. "recommended" was
best in our experiments from random weights, and "refine" for training its model further; see `assets/recipe.md`.
"""

from __future__ import annotations

from typing import Any

# Half the tutorial's width, which trains on three times as many pictures in the same time (`init` with a larger ngf
# widens the model later); a smaller batch, for more updates; the relativistic loss (arXiv 1807.00734); an R1 penalty
# (arXiv 1801.04406) instead of BatchNorm in D; four times the learning rate; averaged weights (arXiv 1710.10196).
RECOMMENDED: dict[str, Any] = {
    "model": {"d_norm": "none", "ngf": 32, "ndf": 32},
    "epochs": 30.0,
    "batch": 32,
    "drop_last": True,
    "loss": "relativistic",
    # Without R2 this loss diverged after 66 thousand pictures, as arXiv 2501.05441 predicts.
    "r2_gamma": 0.5,
    "lr_g": 8e-4,
    "lr_d": 8e-4,
    "r1_gamma": 0.5,
    "xflip": True,
    "augment": "translation",
    "ema_kimg": 10.0,
    "ema_rampup": 0.25,
    "log_every": 320,
    "line_every": 3_200,
    "sample_every": 2_000,
    "snapshot_every": 20_000,
    "state_every": 20_000,
    "eval_every": 20_000,
}

PRESETS: dict[str, dict[str, Any]] = {
    # https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html: lines at steps 0, 50, … of each epoch,
    # grids at steps 0, 500, … of the run and at its end, in float32. Everything else is the default.
    "tutorial": {"tutorial_steps": True, "precision": "fp32"},
    # For the first minutes: a quarter of the arithmetic, many small steps, five times the learning rate. It draws
    # cartoon faces after five minutes on two cores.
    "quick": {
        "model": {"d_norm": "none", "ngf": 32, "ndf": 32},
        "kimg": 40.0,
        "batch": 16,
        "drop_last": True,
        "lr_g": 1e-3,
        "lr_d": 1e-3,
        "r1_gamma": 1.0,
        "xflip": True,
        "augment": "translation",
        "ema_kimg": 3.0,
        "log_every": 320,
        "line_every": 3_200,
        "sample_every": 1_000,
        "snapshot_every": 4_000,
        "state_every": 8_000,
        "eval_every": 4_000,
    },
    "recommended": RECOMMENDED,
    # For training a model of `recommended` further: --init MODEL, and --set ngf=64 to widen G. Weak penalties let D see
    # finer faults, and it learns four times as fast as G (arXiv 1706.08500). Without momentum the two networks do not
    # oscillate (arXiv 1807.04740).
    "refine": {
        **RECOMMENDED,
        "kimg": 400.0,
        "lr_g": 1e-4,
        "lr_d": 4e-4,
        "beta1": 0.0,
        "beta2": 0.99,
        "anneal": 0.5,
        "r1_gamma": 0.02,
        "r2_gamma": 0.02,
        "sample_every": 10_000,
        "eval_every": 10_000,
    },
}
