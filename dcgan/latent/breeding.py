"""Children of two latents: each mixes its parents at random and then mutates."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from dcgan.latent.paths import slerp
from dcgan.latent.prior import clamp_norm

CHILDREN = 9


def breed(a: Tensor, b: Tensor, wildness: float, seed: int, count: int = CHILDREN) -> Tensor:
    """Return `count` children [count, nz] of a and b [nz]; the same seed gives the same children.

    Even children take each number from one parent or the other (crossover); odd ones lie on the slerp between the two.
    The share that comes from b is random for each child. `wildness`, 0 … 1, rotates a child towards a random latent: 0
    does not mutate, 1 keeps nothing of the parents. Norms stay typical of the prior.
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
    return clamp_norm(turned)
