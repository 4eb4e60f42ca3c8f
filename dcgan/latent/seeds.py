"""Seeds: a whole number that stands for a latent, so that a picture fits into a link."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

MAX_SEED = 2**63 - 1


def z_from_seed(seed: int, nz: int) -> Tensor:
    """The standard normal latent [nz], float32, of a seed in 0 … 2^63 - 1. It depends on nothing else.

    NumPy's frozen RandomState draws it: its stream is promised never to change, so a link keeps its picture, and all
    63 bits count. (torch.manual_seed keeps 32 of them on the CPU: seeds 2^32 apart would give one picture.)
    """
    assert 0 <= seed <= MAX_SEED, seed
    return torch.from_numpy(_draw(seed, nz).copy())


def z_from_seeds(seeds: Sequence[int], nz: int) -> Tensor:
    """The latents of several seeds, [N, nz]."""
    return torch.stack([z_from_seed(seed, nz) for seed in seeds]) if seeds else torch.empty(0, nz)


# A quarter of a millisecond each, and a walk by hand asks for all its keyframes at every step.
@lru_cache(1000)
def _draw(seed: int, nz: int) -> np.ndarray:
    random = np.random.RandomState(np.random.MT19937(np.random.SeedSequence(seed)))
    return random.standard_normal(nz).astype(np.float32)
