"""Children of two latents: each mixes its parents in a way of its own, and mutates a little."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from dcgan.latent.inversion import into_shell
from dcgan.latent.paths import slerp

CHILDREN = 9


def breed(a: Tensor, b: Tensor, wildness: float, seed: int, count: int = CHILDREN) -> Tensor:
    """Latents [count, nz] between a and b [nz], within the shell of the prior; the same ones for the same seed.

    Every second child takes each of its numbers from one parent or the other, the others lie on the arc between the
    two; how much comes from b is each child's own lot. `wildness`, 0 … 1, is how far a child then turns towards a
    random latent: 0 is no mutation, 1 is nothing of the parents. None of this changes how long latents are.
    """
    assert a.ndim == 1 and a.shape == b.shape and 0 <= wildness <= 1, (a.shape, b.shape, wildness)
    random = np.random.RandomState(np.random.MT19937(np.random.SeedSequence(seed)))
    shares = random.uniform(0.15, 0.85, count)  # a child of one parent alone would be a copy
    choice = torch.from_numpy(random.uniform(size=(count, len(a))) < shares[:, None])
    noise = torch.from_numpy(random.standard_normal((count, len(a)))).to(a.dtype)
    crossed = torch.where(choice, b, a)
    between = slerp(a, b, torch.from_numpy(shares))
    mixed = torch.where((torch.arange(count) % 2 == 0)[:, None], crossed, between)
    turned: Tensor = math.cos(wildness * math.pi / 2) * mixed + math.sin(wildness * math.pi / 2) * noise
    return into_shell(turned)
