"""A direction learned from examples: latents whose pictures have a trait, and latents whose pictures have not.

A straight cut through the latents hardly tells a DCGAN's traits, whatever the number of examples: they are bent. A
straight cut through what D sees in the pictures does (`traits.py`). So a linear classifier is fitted there, and its
slope is taken back through D and G to the latents and averaged over random ones: the direction in which pictures come
to look more like those that have the trait.

That slope goes along with whatever changes pictures most. Of all directions the one is taken that gains most for how
much of the picture it changes, as the mean Jacobian metric M (`directions.py`) measures it: (M + damping)⁻¹ · slope, a
natural gradient. So most of what has nothing to do with the trait stays as it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.latent.ridge import fit, held_out_accuracy
from dcgan.latent.seeds import z_from_seeds
from dcgan.latent.traits import traits
from dcgan.models import Discriminator, Generator

LEAST, MOST = 3, 200  # examples of each kind
FEW = 12  # of each: below it a few more change much
SLOPES = 64  # random latents over which the slope is averaged
# Of the mean of M's eigenvalues. More of it moves the trait and all else further. On doodles, with the slider from -2
# to +2, hats go from 29 to 58 % of faces (with 1: 12 to 84), while the other factors are read differently in 23 % of
# faces (40 %), along a random direction in 33 %. Who wants more hat moves the slider on.
DAMPING = 0.05
BATCH = 8  # pictures at a time: it fits the processor's caches, and on a server lets others in between
CHANCE = 1.64  # standard deviations: guessing gets there one time in twenty
TINY = 1e-6

Map = Callable[[Callable[[Tensor], Tensor], Iterable[Tensor]], Iterable[Tensor]]


@dataclass(frozen=True)
class Lesson:
    """vector [nz]: of length 1, in half precision's steps, towards "has"; accuracy: balanced, on held-out examples."""

    vector: Tensor
    accuracy: float
    has: int
    has_not: int

    @property
    def sure(self) -> bool:
        """Whether guessing would hardly reach this accuracy with so many examples."""
        deviation = 0.25 * math.sqrt(1 / self.has + 1 / self.has_not)
        return self.accuracy > 0.5 + CHANCE * deviation

    @property
    def words(self) -> str:
        """What to make of it: a sentence or two."""
        share, count = math.floor(100 * self.accuracy + 0.5), self.has + self.has_not
        told = f"{share} % of {count} examples are told right when held out"
        if not self.sure:
            return f"{told}. Guessing gets 50 %, so this may be chance: mark more, or choose a trait that shows more."
        if min(self.has, self.has_not) < FEW:
            return f"{told} (guessing: 50 %). A few more of each would make it surer."
        return f"{told} (guessing: 50 %)."


def teach(
    G: Generator,
    D: Discriminator | None,
    has: Tensor,
    has_not: Tensor,
    metric: Tensor,
    locked: Tensor | None = None,
    each: Map = map,
) -> Lesson:
    """The direction from latents without a trait [M, nz] to latents with it [N, nz], at right angles to locked [k, nz].

    G and D are in eval mode; without a D traits are told worse. `metric` [nz, nz]: how pictures change along each
    axis, summed or averaged. `each` is `map`, or something with its meaning that shares the work out and keeps the
    order. Raises RequestError for too few or too many examples, and when the locked directions leave nothing to learn.
    """
    if min(len(has), len(has_not)) < LEAST or max(len(has), len(has_not)) > MOST:
        raise RequestError(
            f"It takes {LEAST} to {MOST} faces that have it and as many that have not; there are {len(has)} and "
            f"{len(has_not)}."
        )
    assert not G.training and (D is None or not D.training)
    device, nz = next(G.parameters()).device, G.config.nz
    free = _free(nz, locked)

    @torch.no_grad()
    def look(z: Tensor) -> Tensor:
        return traits(G(z.to(device)), D).cpu()

    x = torch.cat([*each(look, torch.cat([has, has_not]).split(BATCH))])
    y = torch.cat([torch.ones(len(has)), -torch.ones(len(has_not))]).double()
    gram = (x @ x.T).double()
    coefficients, _ = fit(gram, y)
    w = x.T @ coefficients.float()

    def slope(z: Tensor) -> Tensor:
        with torch.enable_grad():  # a worker's thread has its own mode
            z = z.to(device).requires_grad_()
            scores = traits(G(z), D) @ w.to(device)
        slopes: Tensor = torch.autograd.grad(scores.sum(), z)[0]
        return slopes.double().sum(0).cpu()

    uphill = torch.stack([*each(slope, z_from_seeds(range(SLOPES), nz).split(BATCH))]).sum(0)
    M = metric.double() * (nz / float(metric.trace()))
    inner = free.T @ M @ free + DAMPING * torch.eye(free.shape[1], dtype=torch.float64)
    vector = free @ torch.linalg.solve(inner, free.T @ uphill)
    vector = (vector / vector.norm().clamp_min(TINY)).half().float()
    return Lesson(vector, held_out_accuracy(gram, y), len(has), len(has_not))


def _free(nz: int, locked: Tensor | None) -> Tensor:
    """An orthonormal basis [nz, k] of what is at right angles to all that is locked [n, nz]."""
    if locked is None or not len(locked):
        return torch.eye(nz, dtype=torch.float64)
    left, strength, _ = torch.linalg.svd(locked.double().T, full_matrices=True)
    free: Tensor = left[:, int((strength > TINY * strength.max()).sum()) :]
    if not free.shape[1]:
        raise RequestError("With all that is locked taken out, nothing is left to learn; unlock a direction.")
    return free
