"""A running average of G: what one samples from (arXiv 1710.10196, section 3).

BatchNorm's statistics are averaged along with the weights, but the average of two networks' statistics is not what the
average network has: DCGANs sampled so look washed out. Before it is looked at or kept, the averaged G therefore gets
statistics of its own, from latents of fixed seeds (as arXiv 1801.04406's code does); that alone halved KID.
"""

from __future__ import annotations

import copy

import torch
from torch import nn

from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Generator

# Seeds of the latents that BatchNorm's statistics are taken from, far from those that people type.
SETTLING_SEEDS = range(10**9, 10**9 + 512)


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


@torch.no_grad()
def settled(G_ema: Generator) -> Generator:
    """A copy of the averaged G, in eval mode, whose BatchNorm statistics are its own over SETTLING_SEEDS.

    Deterministic, and the original is left as it is. A second or less at the tutorial's size.
    """
    G = make_ema(G_ema)
    for module in G.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # the plain mean
    device = next(G.parameters()).device
    G.train()(z_from_seeds(SETTLING_SEEDS, G.config.nz).to(device))
    for module in G.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.1
    return G.eval()
