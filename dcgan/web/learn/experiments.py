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

EXPERIMENTS = (
    Experiment("healthy", "the recipe quick on 2,000 cartoon faces", 90, "doodles:2000", {**SMALL, "kimg": 30}),
)
