"""Draw the i-th doodle of a seed. Picture and factors depend on (seed, i, size) alone."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from dcgan.data.doodles.factors import FACTORS, sample_factors
from dcgan.data.doodles.picture import draw


def draw_one(seed: int, i: int, size: int) -> tuple[NDArray[np.uint8], list[int]]:
    """Return the picture, uint8 [3, size, size], and the index of each factor's value, in the order of FACTORS."""
    rng = _randomness(seed, i)
    values = sample_factors(rng)
    picture = np.ascontiguousarray(np.asarray(draw(values, rng, size)).transpose(2, 0, 1))
    return picture, [values[name] for name in FACTORS]


def sample_factors_of(seed: int, i: int) -> dict[str, int]:
    """Return the factors without drawing: name → index of the value."""
    return sample_factors(_randomness(seed, i))


def _randomness(seed: int, i: int) -> random.Random:
    return random.Random(f"doodles/{seed}/{i}")
