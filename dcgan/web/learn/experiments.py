"""Short training runs that fail on purpose, each in its own way, and a healthy one to compare them with.

Each is small enough to show its failure within two minutes on two CPU cores, and within the limits of a public page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Experiment:
    """A run that the Learn tab starts: what train/start takes, the end of a sentence about it, and its usual length.

    `seconds` were measured on two CPU cores with nothing else to do.
    """

    name: str
    about: str
    seconds: int
    data: str
    overrides: Mapping[str, Any] = field(default_factory=dict)
    preset: str = "quick"
    button: str = "Try it"


# Pictures of 32 × 32 and narrow networks: a step takes a few milliseconds.
SMALL = {"image_size": 32, "ngf": 16, "ndf": 16, "nz": 32, "seed": 1}

FREE = {"r1_gamma": 0, "augment": ""}  # neither penalty nor augmentation holds D back

# The comments say which alarms the run's health gave, and after how many pictures.
EXPERIMENTS = (
    Experiment("healthy", "the preset quick on 2,000 cartoon faces", 90, "doodles:2000", {**SMALL, "kimg": 30}),
    # d_wins after 3,800; twins after 7,400; too_alike after 12,400
    Experiment(
        "d_wins",
        "D learns 200 times as fast as G (lr_d 2e-3, lr_g 1e-5), without R1 penalty and augmentation",
        50,
        "doodles:2000",
        {**SMALL, **FREE, "lr_d": 2e-3, "lr_g": 1e-5, "kimg": 20},
    ),
    # diverged after 1,900; with other seeds after 1,200 and 2,200. At half of these rates one seed of three recovered.
    Experiment(
        "rates_too_high",
        "both learning rates are twenty times those of the preset quick (lr_g and lr_d 0.02), without R1 penalty and "
        "augmentation",
        20,
        "doodles:2000",
        {**SMALL, **FREE, "lr_d": 0.02, "lr_g": 0.02, "kimg": 10},
    ),
    # kid_rises after 19,800; d_wins after 22,700; twins after 37,100. On 2,000 pictures the same settings are healthy.
    Experiment(
        "few_pictures",
        "only 20 pictures, with twice the learning rates of the preset quick and a D of double width, without R1 "
        "penalty and augmentation",
        70,
        "doodles:20",
        {**SMALL, **FREE, "ndf": 32, "lr_d": 2e-3, "lr_g": 2e-3, "kimg": 40},
    ),
    # kid_rises after 32,600: KID × 1000 falls to 324 and rises to 515; with another seed 234 and 300, without an alarm.
    # With BatchNorm it falls to 112.
    Experiment(
        "no_norm",
        "the preset quick without R1 penalty and augmentation, so that nothing normalises D or holds it back",
        60,
        "doodles:2000",
        {**SMALL, **FREE, "d_norm": "none", "kimg": 40},
    ),
    Experiment(
        "with_norm",
        "the same run with BatchNorm in D (d_norm batch), as in the DCGAN paper",
        70,
        "doodles:2000",
        {**SMALL, **FREE, "d_norm": "batch", "kimg": 40},
        button="Try it with BatchNorm",
    ),
)
