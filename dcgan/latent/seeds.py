"""Seeds: an integer that determines a latent, so that a link can name a picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

MAX_SEED = 2**63 - 1


def z_from_seed(seed: int, nz: int) -> Tensor:
    """Return the N(0, I) latent [nz], float32, of a seed in 0 … 2^63 - 1. It depends on seed and nz alone.

    NumPy guarantees that RandomState's stream never changes, so a link keeps its picture. It uses all 63 bits of the
    seed; torch.manual_seed uses only 32 of them on the CPU.
    """
    assert 0 <= seed <= MAX_SEED, seed
    return torch.from_numpy(_draw(seed, nz).copy())


def z_from_seeds(seeds: Sequence[int], nz: int) -> Tensor:
    """Return the latents of several seeds, [N, nz]."""
    return torch.stack([z_from_seed(seed, nz) for seed in seeds]) if seeds else torch.empty(0, nz)


# Drawing one takes 0.25 ms, and a dragged slider asks for all keyframes of a path at every step.
@lru_cache(1000)
def _draw(seed: int, nz: int) -> np.ndarray:
    random = np.random.RandomState(np.random.MT19937(np.random.SeedSequence(seed)))
    return random.standard_normal(nz).astype(np.float32)
