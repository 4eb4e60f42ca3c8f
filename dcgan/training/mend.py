"""A G whose latent space is bent away from what a jury finds broken.

A G that is charged for the jury's opinion (`jury.py`) pleases it where that is easiest: in tone and contrast. Walked
down the jury's slope *through the latent space* (as arXiv 2003.06060 does with D), the same opinion mends how a face is
built, for all that can be met there is what G draws. Such a walk takes many passes a picture. What is common to
thousands of them is a matrix, which G's first layer can take in: the networks stay what they are, and a picture costs
what it did. It is a truncation along the few directions that break pictures, and along these alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Generator
from dcgan.training.jury import Jury

FIRST_SEED = 1_000_000  # of the latents that are walked: far from those that anyone looks at
LEFT = 0.2  # the share of G's own pictures that are whole enough to stay as they are
STRIDE, MOST_STRIDES = 0.4, 8  # of a latent of length √nz ≈ 10
CHUNK = 100


def mend(
    G: Generator, jury: Jury, latents: int, strength: float, on_walked: Callable[[int], None] = lambda done: None
) -> Generator:
    """A copy of G (in eval mode) that draws at z what G draws where latents like z walk to; deterministic.

    `latents`: how many are walked, more than nz. `strength`: 1 bends as far as they walk on average, 0 not at all; more
    mends more and costs rare pictures. `on_walked(done)` is called as it goes on; a thousand take 20 s of two cores.
    """
    assert latents > G.config.nz, latents
    z = z_from_seeds(range(FIRST_SEED, FIRST_SEED + latents), G.config.nz).to(next(G.parameters()).device)
    enough = enough_for(G, jury, z[:2000])
    walked: list[Tensor] = []
    for part in z.split(CHUNK):
        walked.append(walk(G, jury, part, enough))
        on_walked(sum(map(len, walked)))
    step = torch.linalg.lstsq(z, torch.cat(walked) - z).solution  # [nz, nz]
    return fold(G, torch.eye(len(step), device=step.device) + strength * step)


@torch.no_grad()
def enough_for(G: Generator, jury: Jury, z: Tensor) -> Tensor:
    """The logit below which a picture is left as it is, so that it is LEFT of G's own pictures, of z [N, nz]."""
    return torch.cat([_opinion(G, jury, part) for part in z.split(CHUNK)]).quantile(LEFT)


def walk(G: Generator, jury: Jury, z: Tensor, enough: Tensor | float) -> Tensor:
    """Latents [N, nz] → [N, nz] of the same lengths, each walked down the jury's slope until its logit is `enough`.

    A stride follows the logit's gradient; the walk ends after MOST_STRIDES at the latest. No latent's way depends on
    the others'.
    """
    z, length = z.clone(), z.norm(dim=1, keepdim=True)
    going = torch.arange(len(z), device=z.device)
    for _ in range(MOST_STRIDES):
        here = z[going].requires_grad_(True)
        logits = _opinion(G, jury, here)
        on = logits.detach() > enough
        if not on.any():
            break
        (slope,) = torch.autograd.grad(logits.sum(), here)
        going, here, slope = going[on], here.detach()[on], slope[on]
        there = here - STRIDE * F.normalize(slope, dim=1)
        z[going] = F.normalize(there, dim=1) * length[going]
    return z


def fold(G: Generator, matrix: Tensor) -> Generator:
    """A copy of G that draws at z what G draws at z @ matrix: its first layer takes the matrix [nz, nz] in."""
    folded = copy.deepcopy(G)
    first = folded.main[0].weight  # [nz, 8·ngf, 4, 4]
    assert isinstance(first, Tensor)
    with torch.no_grad():
        first.copy_((matrix @ first.flatten(1)).view_as(first))
    return folded


def _opinion(G: Generator, jury: Jury, z: Tensor) -> Tensor:
    """Logits [N] of being broken, the mean of a picture's and its mirror image's."""
    pictures = G(z)
    logits: Tensor = (jury(pictures) + jury(pictures.flip(3))) / 2
    return logits
