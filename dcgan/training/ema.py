"""A running average of G, weights and BatchNorm statistics alike: what one samples from (arXiv 1710.10196, section 3).

Statistics are averaged too, so that the averaged network is consistent with itself: without it, DCGANs with BatchNorm
sample washed-out pictures from averaged weights.
"""

from __future__ import annotations

import copy

import torch

from dcgan.models import Generator


def make_ema(G: Generator) -> Generator:
    """A copy of G to average into, in eval mode, without gradients."""
    return copy.deepcopy(G).eval().requires_grad_(False)


@torch.no_grad()
def update_ema(G_ema: Generator, G: Generator, batch: int, nimg: int, half_life: float, rampup: float) -> None:
    """Moves G_ema towards G after `batch` more pictures.

    `half_life` is in pictures; early on it is at most `rampup` of the `nimg` pictures seen so far, so that the first
    unstable steps are forgotten. A half-life of 0 makes G_ema a plain copy.
    """
    if rampup > 0:
        half_life = min(half_life, nimg * rampup)
    beta = 0.5 ** (batch / half_life) if half_life > 0 else 0.0
    averages, currents = list(G_ema.state_dict().values()), list(G.state_dict().values())
    for average, current in zip(averages, currents, strict=True):
        if average.is_floating_point():
            average.lerp_(current.to(average.dtype), 1.0 - beta)
        else:
            average.copy_(current)  # BatchNorm's count of batches
