"""Exponential moving average (EMA) of G, used for sampling (arXiv 1710.10196, section 3).

BatchNorm's running statistics are averaged along with the weights, but they do not fit the averaged weights: samples
look washed out. So the statistics of the averaged G are recomputed on fixed latents before it is sampled or saved, as
in the code of arXiv 1801.04406. That alone halved KID.
"""

from __future__ import annotations

import copy

import torch
from torch import nn

from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Generator

# Seeds of the latents on which BatchNorm statistics are computed, far from seeds that users type.
CALIBRATION_SEEDS = range(10**9, 10**9 + 512)


def make_ema(G: Generator) -> Generator:
    """Copy G as the start of its average: eval mode, no gradients."""
    return copy.deepcopy(G).eval().requires_grad_(False)


@torch.no_grad()
def update_ema(G_ema: Generator, G: Generator, batch: int, nimg: int, half_life: float, rampup: float) -> None:
    """Update G_ema towards G after `batch` more pictures.

    half_life: in pictures; 0 makes G_ema a copy of G. rampup: limits the half-life to this share of the `nimg` pictures
    seen so far, so that the first, unstable steps lose their influence.
    """
    if rampup > 0:
        half_life = min(half_life, nimg * rampup)
    beta = 0.5 ** (batch / half_life) if half_life > 0 else 0.0
    averages, currents = list(G_ema.state_dict().values()), list(G.state_dict().values())
    for average, current in zip(averages, currents, strict=True):
        if average.is_floating_point():
            average.lerp_(current.to(average.dtype), 1.0 - beta)
        else:
            average.copy_(current)  # BatchNorm's num_batches_tracked


@torch.no_grad()
def recalibrate_batchnorm(G_ema: Generator) -> Generator:
    """Return a copy of G_ema in eval mode with BatchNorm statistics recomputed on CALIBRATION_SEEDS.

    Deterministic. Takes at most a second at the tutorial's size.
    """
    G = make_ema(G_ema)
    for module in G.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # cumulative mean
    device = next(G.parameters()).device
    G.train()(z_from_seeds(CALIBRATION_SEEDS, G.config.nz).to(device))
    for module in G.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.1
    return G.eval()
