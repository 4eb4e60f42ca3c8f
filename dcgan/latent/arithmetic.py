"""Arithmetic on latents: smiling woman − woman + man = smiling man (DCGAN paper, arXiv 1511.06434, section 6.3.2).

The paper averages three latents per concept: what the pictures share remains, the rest averages out. Its z is uniform
in a cube. Ours is N(0, I), whose latents have nearly constant norm; a sum of three is √3 times longer, and a mean is
shorter (White, arXiv 1609.04468). So sums are computed exactly, and scaled for drawing into the range of norms that
holds 99 % of the prior. Their direction, which carries the meaning, is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.latent.prior import clamp_norm

AROUND = 8
# The paper's figure 7 adds uniform noise of ±0.25 to a z uniform in ±1; scaled here to a z of variance 1.
NOISE = 0.25 * 3**0.5


@dataclass(frozen=True)
class LatentSum:
    """means [T, nz]: the mean of each term; steps [T, nz]: the running sums of the signed means; norms not limited."""

    means: Tensor
    steps: Tensor

    @property
    def clamped(self) -> tuple[Tensor, Tensor]:
        """Means and steps, scaled to norms that are typical of the prior."""
        return clamp_norm(self.means), clamp_norm(self.steps)


def sum_latents(terms: Sequence[tuple[int, Tensor]]) -> LatentSum:
    """Sum the signed means of terms (sign, latents [N, nz]); each sign is 1 or -1."""
    assert terms and all(sign in (1, -1) and len(latents) for sign, latents in terms)
    means = torch.stack([latents.mean(dim=0) for _, latents in terms])
    signs = torch.tensor([float(sign) for sign, _ in terms])
    return LatentSum(means, (signs[:, None] * means).cumsum(dim=0))


def nearby_latents(z: Tensor, count: int = AROUND, seed: int = 0) -> Tensor:
    """Return latents [count, nz] near z [nz], with norms typical of the prior; the same seed gives the same ones."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand(count, len(z), generator=generator) * 2 - 1
    return clamp_norm(z + NOISE * noise)
