"""Draw a data set of doodles, in several processes."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from contextlib import ExitStack

import numpy as np
import torch
from torch import Tensor

from dcgan.data.doodles.draw_one import draw_one
from dcgan.data.doodles.drawing_process import DrawingProcess
from dcgan.data.doodles.factors import FACTORS
from dcgan.errors import DatasetError

MAX_COUNT = 200_000
SIZES = range(16, 513)
PROGRESS_EVERY = 100
MIN_PARALLEL = 2000  # doodles; below it, a second process takes longer to start than it saves
MOST_PROCESSES = 8


def make_doodles(
    count: int, seed: int, size: int, on_progress: Callable[[int, int], None] | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Draw `count` faces: uint8 [count, 3, size, size], and the value of each factor: name → int64 [count].

    Picture i depends on (seed, i, size) alone, so a smaller set is the beginning of a larger one. `on_progress` is
    called with (drawn, count) now and then, and at the end. Raises DatasetError on a count, seed or size out of range.
    """
    _check(count, seed, size)
    pictures = np.empty((count, 3, size, size), dtype=np.uint8)
    factors = np.empty((count, len(FACTORS)), dtype=np.int64)

    def draw_range(first: int, end: int, times: int = 1) -> None:
        for i in range(first, end):
            pictures[i], factors[i] = draw_one(seed, i, size)
            if on_progress and (i + 1) % PROGRESS_EVERY == 0:
                on_progress(min(count, (i + 1) * times), count)

    processes = min(os.cpu_count() or 1, MOST_PROCESSES) if count >= MIN_PARALLEL else 1
    edges = [count * part // processes for part in range(processes + 1)]
    with ExitStack() as stack:
        shares = [
            stack.enter_context(DrawingProcess(seed, first, end, size)) for first, end in itertools.pairwise(edges[1:])
        ]
        draw_range(0, edges[1], times=processes)
        for share in shares:
            drawn = share.take()
            if drawn is None:
                draw_range(share.first, share.end)  # the process could not be started
            else:
                pictures[share.first : share.end], factors[share.first : share.end] = drawn
    if on_progress:
        on_progress(count, count)
    named = zip(FACTORS, torch.from_numpy(factors).unbind(1), strict=True)
    return torch.from_numpy(pictures), {name: values.contiguous() for name, values in named}


def _check(count: int, seed: int, size: int) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise DatasetError(f"The number of doodles must be between 1 and {MAX_COUNT:,}, not {count}.")
    if not 0 <= seed < 2**63:
        raise DatasetError(f"The seed of the doodles must be between 0 and 2^63 - 1, not {seed}.")
    if size not in SIZES:
        raise DatasetError(f"Doodles are drawn {SIZES.start} to {SIZES.stop - 1} pixels wide, not {size}.")
