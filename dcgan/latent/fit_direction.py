"""Fit a direction in z to examples: latents whose pictures have a trait, and latents whose pictures do not.

A linear classifier on z separates a DCGAN's traits poorly, because they are not linear in z. A linear classifier on D's
features works (`discriminator_features.py`). It is fitted there, and the gradient of its score with respect to z,
through D and G, is averaged over random latents.

That gradient also follows whatever changes pictures most. So the natural gradient is taken: (M + damping · I)⁻¹ times
the gradient, where M is the mean Jacobian metric (`jacobian.py`). It changes the trait most for a given change of the
picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.latent.discriminator_features import discriminator_features
from dcgan.latent.ridge import cross_validated_accuracy, fit
from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Discriminator, Generator

MIN_EXAMPLES, MAX_EXAMPLES = 3, 200  # of each class
FEW = 12  # of each class: below it, more examples still help a lot
GRADIENTS = 64  # random latents over which the gradient is averaged
# Relative to the mean eigenvalue of M. A larger value changes both the trait and everything else more. Measured on
# doodles, slider from -2 to +2: hats go from 29 to 58 % of faces while other factors change in 23 % of them. With a
# damping of 1: 12 to 84 % and 40 %. Along a random direction, other factors change in 33 %.
DAMPING = 0.05
BATCH = 8  # pictures at a time: fits the processor's cache, and lets other visitors' tasks run in between
CHANCE = 1.64  # standard deviations: guessing exceeds them in one of twenty cases
TINY = 1e-6

MapTask = Callable[[Callable[[Tensor], Tensor], Iterable[Tensor]], Iterable[Tensor]]


@dataclass(frozen=True)
class FittedDirection:
    """vector [nz]: norm 1, float16 values, points towards "has"; accuracy: balanced, cross-validated, 0 … 1."""

    vector: Tensor
    accuracy: float
    has: int
    has_not: int

    @property
    def sure(self) -> bool:
        """Whether the accuracy is significantly above guessing, for this number of examples."""
        deviation = 0.25 * math.sqrt(1 / self.has + 1 / self.has_not)
        return self.accuracy > 0.5 + CHANCE * deviation

    @property
    def words(self) -> str:
        """The accuracy in one or two sentences, with advice."""
        share, count = math.floor(100 * self.accuracy + 0.5), self.has + self.has_not
        told = f"{share} % of {count} held-out examples are classified correctly"
        if not self.sure:
            return (
                f"{told}. Guessing gives 50 %, so this may be chance: mark more faces, or choose a more visible trait."
            )
        if min(self.has, self.has_not) < FEW:
            return f"{told} (guessing: 50 %). More examples of each kind would make it more reliable."
        return f"{told} (guessing: 50 %)."


def fit_direction(
    G: Generator,
    D: Discriminator | None,
    has: Tensor,
    has_not: Tensor,
    metric: Tensor,
    locked: Tensor | None = None,
    each: MapTask = map,
) -> FittedDirection:
    """Fit the direction from latents without a trait [M, nz] to latents with it [N, nz], orthogonal to locked [k, nz].

    G and D are in eval mode; D may be None, at a lower accuracy. `metric` [nz, nz] is JacobianMetric.gram, of any
    scale. `each` is `map` or a parallel version of it that keeps the order. Raises RequestError for too few or too many
    examples, and when the locked directions leave no free direction.
    """
    if min(len(has), len(has_not)) < MIN_EXAMPLES or max(len(has), len(has_not)) > MAX_EXAMPLES:
        raise RequestError(
            f"Mark {MIN_EXAMPLES} to {MAX_EXAMPLES} faces with the trait and as many without it; "
            f"there are {len(has)} and {len(has_not)}."
        )
    assert not G.training and (D is None or not D.training)
    device, nz = next(G.parameters()).device, G.config.nz
    free = _free(nz, locked)

    @torch.no_grad()
    def features_of(z: Tensor) -> Tensor:
        return discriminator_features(G(z.to(device)), D).cpu()

    x = torch.cat([*each(features_of, torch.cat([has, has_not]).split(BATCH))])
    y = torch.cat([torch.ones(len(has)), -torch.ones(len(has_not))]).double()
    gram = (x @ x.T).double()
    coefficients, _ = fit(gram, y)
    w = x.T @ coefficients.float()

    def gradient_at(z: Tensor) -> Tensor:
        with torch.enable_grad():  # grad mode is per thread, and this may run on another one
            z = z.to(device).requires_grad_()
            scores = discriminator_features(G(z), D) @ w.to(device)
        gradients: Tensor = torch.autograd.grad(scores.sum(), z)[0]
        return gradients.double().sum(0).cpu()

    gradient = torch.stack([*each(gradient_at, z_from_seeds(range(GRADIENTS), nz).split(BATCH))]).sum(0)
    M = metric.double() * (nz / float(metric.trace()))
    inner = free.T @ M @ free + DAMPING * torch.eye(free.shape[1], dtype=torch.float64)
    vector = free @ torch.linalg.solve(inner, free.T @ gradient)
    vector = (vector / vector.norm().clamp_min(TINY)).half().float()
    return FittedDirection(vector, cross_validated_accuracy(gram, y), len(has), len(has_not))


def _free(nz: int, locked: Tensor | None) -> Tensor:
    """Return an orthonormal basis [nz, k] of the complement of the locked directions [n, nz]."""
    if locked is None or not len(locked):
        return torch.eye(nz, dtype=torch.float64)
    left, strength, _ = torch.linalg.svd(locked.double().T, full_matrices=True)
    free: Tensor = left[:, int((strength > TINY * strength.max()).sum()) :]
    if not free.shape[1]:
        raise RequestError("All directions are locked, so there is none left to fit; unlock one first.")
    return free
