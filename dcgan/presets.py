"""The recipes, as what differs from `TrainConfig`'s defaults: the table to read.

"tutorial" is the PyTorch DCGAN tutorial's recipe to the letter, "quick" shows faces within minutes, "recommended" is
what we found to be best from fresh weights, "refine" what to go on with; `assets/recipe.md` says how.
"""

from __future__ import annotations

from typing import Any

# Half the width, which sees three times the pictures in the same time (widen the result with `init` for more), more
# updates (batch 32), a D that compares pictures in pairs (arXiv 1807.00734) and is held back on real ones (R1,
# arXiv 1801.04406) instead of normalised, four times the learning rate, averaged weights (arXiv 1710.10196).
RECOMMENDED: dict[str, Any] = {
    "model": {"d_norm": "none", "ngf": 32, "ndf": 32},
    "epochs": 30.0,
    "batch": 32,
    "drop_last": True,
    "loss": "relativistic",
    # On fakes as well: without R2 this loss broke apart after 66 thousand pictures, as arXiv 2501.05441 foretells.
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
    # For the first minutes: a quarter of the arithmetic, many small steps, five times the learning rate. Cartoon faces
    # within five minutes of two cores.
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
    # A second act, for what `recommended` has brought far: --init MODEL, and --set ngf=64 to widen G. D, which a strong
    # penalty kept from seeing what is wrong, is let go (gamma) and ahead (four times G's rate, arXiv 1706.08500), and
    # nothing keeps momentum, so that the two do not swing around each other (arXiv 1807.04740).
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
