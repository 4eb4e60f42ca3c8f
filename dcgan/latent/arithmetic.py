"""Arithmetic on latents: smiling woman − woman + man = smiling man (DCGAN paper, arXiv 1511.06434, section 6.3.2).

The latents of single pictures gave its authors noise, the means of three gave what they were after: what a few pictures
have in common stays, the rest averages out. They drew z from a cube and let sums be as long as they came. Ours is
normal, so nearly all of it lies in a thin shell, and a sum of single latents is √3 times longer than G has ever seen,
a mean of many shorter (White, arXiv 1609.04468). So sums are reckoned as they are, and *drawn* within the shell that
holds 99 % of the prior: the direction, which carries the meaning, is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.latent.inversion import into_shell

AROUND = 8
# The paper's figure 7 adds uniform noise of ±0.25 to a z uniform in ±1; this is as much against a z of variance 1.
NOISE = 0.25 * 3**0.5


@dataclass(frozen=True)
class Sum:
    """means [T, nz] of the terms, and steps [T, nz]: the sum of the first, the first two … terms, of any length."""

    means: Tensor
    steps: Tensor

    @property
    def drawn(self) -> tuple[Tensor, Tensor]:
        """Means and steps at lengths that G knows."""
        return into_shell(self.means), into_shell(self.steps)


def add_up(terms: Sequence[tuple[int, Tensor]]) -> Sum:
    """Terms (sign, latents [N, nz]) → their means, and the sums of sign · mean; sign is 1 or -1."""
    assert terms and all(sign in (1, -1) and len(latents) for sign, latents in terms)
    means = torch.stack([latents.mean(dim=0) for _, latents in terms])
    signs = torch.tensor([float(sign) for sign, _ in terms])
    return Sum(means, (signs[:, None] * means).cumsum(dim=0))


def around(z: Tensor, count: int = AROUND, seed: int = 0) -> Tensor:
    """Latents [count, nz] a little beside z [nz], within the shell; the same ones for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand(count, len(z), generator=generator) * 2 - 1
    return into_shell(z + NOISE * noise)
