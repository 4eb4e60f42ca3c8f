"""The data set: as many faces as asked for, each from the seed and its own number."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from dcgan.data.doodles.factors import FACTORS, sample_factors
from dcgan.data.doodles.picture import draw
from dcgan.errors import DatasetError

MAX_COUNT = 200_000
SIZES = range(16, 513)
PROGRESS_EVERY = 100


def make_doodles(
    count: int, seed: int, size: int, progress: Callable[[int, int], None] | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Draws `count` faces: uint8 [count, 3, size, size], and the value of each factor: name → int64 [count].

    Picture i depends on (seed, i, size) alone, so a smaller set is the beginning of a larger one. `progress` is called
    with (drawn, count) now and then, and at the end. Raises DatasetError on a count, seed or size out of range.
    """
    _check(count, seed, size)
    pictures = np.empty((count, 3, size, size), dtype=np.uint8)
    factors = {name: torch.empty(count, dtype=torch.int64) for name in FACTORS}
    for i in range(count):
        rng = random.Random(f"doodles/{seed}/{i}")
        values = sample_factors(rng)
        pictures[i] = np.asarray(draw(values, rng, size)).transpose(2, 0, 1)
        for name, value in values.items():
            factors[name][i] = value
        if progress and ((i + 1) % PROGRESS_EVERY == 0 or i + 1 == count):
            progress(i + 1, count)
    return torch.from_numpy(pictures), factors


def _check(count: int, seed: int, size: int) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise DatasetError(f"The number of doodles must be between 1 and {MAX_COUNT:,}, not {count}.")
    if not 0 <= seed < 2**63:
        raise DatasetError(f"The seed of the doodles must be between 0 and 2^63 - 1, not {seed}.")
    if size not in SIZES:
        raise DatasetError(f"Doodles are drawn {SIZES.start} to {SIZES.stop - 1} pixels wide, not {size}.")
