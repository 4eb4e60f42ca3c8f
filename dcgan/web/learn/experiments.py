"""Short training runs that fail on purpose, each in its own way, and a healthy one to compare them with.

Each is small enough to show its failure within two minutes on two CPU cores, and within the limits of a public page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Experiment:
    """A run that the Learn tab starts: what train/start takes, a sentence about it, and its usual length in seconds."""

    name: str
    about: str
    seconds: int
    data: str
    overrides: Mapping[str, Any] = field(default_factory=dict)
    preset: str = "quick"


# Pictures of 32 × 32 and narrow networks: a step takes a few milliseconds.
SMALL = {"image_size": 32, "ngf": 16, "ndf": 16, "nz": 32, "seed": 1}

FREE = {"r1_gamma": 0, "augment": ""}  # neither penalty nor augmentation holds D back

# The comments say what the run's health told of each, and after how many pictures.
EXPERIMENTS = (
    Experiment("healthy", "the preset quick on 2,000 cartoon faces", 90, "doodles:2000", {**SMALL, "kimg": 30}),
    # d_wins after 3,800; twins after 7,400; too_alike after 12,400
    Experiment(
        "d_wins",
        "D learns 200 times as fast as G (lr_d 2e-3, lr_g 1e-5), without R1 penalty and augmentation",
        60,
        "doodles:2000",
        {**SMALL, **FREE, "lr_d": 2e-3, "lr_g": 1e-5, "kimg": 20},
    ),
    # diverged after 4,600
    Experiment(
        "rates_too_high",
        "both learning rates are ten times those of the preset quick (lr_g and lr_d 0.01), without R1 penalty and "
        "augmentation",
        30,
        "doodles:2000",
        {**SMALL, **FREE, "lr_d": 0.01, "lr_g": 0.01, "kimg": 20},
    ),
    # d_wins after 19,800; twins after 35,800
    Experiment(
        "few_pictures",
        "only 20 pictures, and a D of double width, without R1 penalty and augmentation",
        80,
        "doodles:20",
        {**SMALL, **FREE, "ndf": 32, "kimg": 40},
    ),
)
