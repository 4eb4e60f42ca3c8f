"""A direction learned from examples: latents whose pictures have a trait, and latents whose pictures have not.

Least squares on ±1. Latents are Gaussian, and for Gaussian inputs least squares finds the direction that a trait
depends on, whatever curve leads from there to yes or no (Brillinger 1982). A person marks a few dozen examples, and a
latent has a hundred numbers: so the direction is held small, and smaller still along axes that hardly change pictures,
since there no trait shows. How strongly is chosen by cross-validation, inside the one that measures how good the
result is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.latent.directions import Directions

LEAST, MOST = 3, 200  # examples of each kind
FEW = 12  # of each: below it a few more change much
FOLDS, INNER_FOLDS = 10, 5
RIDGES = (0.01, 0.1, 1.0)
TRUST = (0.0, 0.5, 1.0)  # how far to believe that a trait shows where pictures change
CHANCE = 1.64  # standard deviations: guessing gets there one time in twenty
TINY = 1e-6


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
        told = f"{math.floor(100 * self.accuracy + 0.5)} % of {self.has + self.has_not} examples are told right when held out"
        if not self.sure:
            return f"{told}. Guessing gets 50 %, so this may be chance: mark more, or choose a trait that shows more."
        if min(self.has, self.has_not) < FEW:
            return f"{told} (guessing: 50 %). A few more of each would make it surer."
        return f"{told} (guessing: 50 %)."


def prior_of(directions: Directions) -> Tensor:
    """How much pictures change along each axis, [nz, nz], trace 1: what the directions say, the rest spread evenly."""
    axes, share = directions.axes.double(), directions.share.double()
    nz = axes.shape[1]
    across = torch.eye(nz, dtype=torch.float64) - axes.T @ axes
    rest = (1 - float(share.sum())) / max(1, nz - len(axes))
    prior: Tensor = axes.T @ (share[:, None] * axes) + max(rest, TINY) * across
    return prior


def teach(has: Tensor, has_not: Tensor, locked: Tensor | None = None, prior: Tensor | None = None) -> Lesson:
    """The direction from latents without a trait [M, nz] to latents with it [N, nz], at right angles to locked [k, nz].

    `prior` [nz, nz] says along which axes traits are likely. Raises RequestError for too few or too many examples, and
    when the locked directions leave nothing to be learned. It is many small steps: on one thread, as the sampler's
    workers have, a fraction of a second; on several that others want as well, much longer.
    """
    if min(len(has), len(has_not)) < LEAST or max(len(has), len(has_not)) > MOST:
        raise RequestError(
            f"It takes {LEAST} to {MOST} faces that have it and as many that have not; there are {len(has)} and "
            f"{len(has_not)}."
        )
    z = torch.cat([has, has_not]).double()
    y = torch.cat([torch.ones(len(has)), -torch.ones(len(has_not))]).double()
    roots = _roots(z.shape[1], locked, prior)
    features = [z @ root for root in roots]

    right = torch.zeros(len(z), dtype=torch.bool)
    for train, held in _folds(y, FOLDS):
        which, ridge = _choose([f[train] for f in features], y[train])
        w, b = _fit(features[which][train], y[train], ridge)
        right[held] = (features[which][held] @ w - b) * y[held] > 0
    accuracy = float(right[y > 0].double().mean() + right[y < 0].double().mean()) / 2

    which, ridge = _choose(features, y)
    vector = roots[which] @ _fit(features[which], y, ridge)[0]
    return Lesson((vector / vector.norm()).half().float(), accuracy, len(has), len(has_not))


def _roots(nz: int, locked: Tensor | None, prior: Tensor | None) -> list[Tensor]:
    """Symmetric square roots [nz, nz] of what to expect of a direction, one for each degree of trust in the prior."""
    free = torch.eye(nz, dtype=torch.float64)
    if locked is not None and len(locked):
        basis, strength, _ = torch.linalg.svd(locked.double().T, full_matrices=False)
        basis = basis[:, strength > TINY * strength.max()]
        free = free - basis @ basis.T
        if basis.shape[1] == nz:
            raise RequestError("With all that is locked taken out, nothing is left to learn; unlock a direction.")
    if prior is None:
        return [free]
    values, vectors = torch.linalg.eigh(prior.double())
    roots = []
    for trust in TRUST:
        root = vectors @ torch.diag(values.clamp_min(TINY) ** (trust / 2)) @ vectors.T
        # features are z @ root, and what is locked has to go after the prior: directions are free @ root @ w
        roots.append(free @ root)
    return roots


def _folds(y: Tensor, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Training and held-out indices; each kind of example is dealt out evenly, in its order."""
    count = min(count, int((y > 0).sum()), int((y < 0).sum()))
    fold = torch.empty(len(y), dtype=torch.long)
    for kind in (y > 0, y < 0):
        fold[kind] = torch.arange(int(kind.sum())) % count
    for i in range(count):
        yield (fold != i).nonzero().flatten(), (fold == i).nonzero().flatten()


def _choose(features: list[Tensor], y: Tensor) -> tuple[int, float]:
    """The features and the ridge whose held-out squared error is smallest; the plainest where none can be held out."""
    if min(int((y > 0).sum()), int((y < 0).sum())) < 2:
        return 0, RIDGES[-1]
    losses = torch.zeros(len(features), len(RIDGES), dtype=torch.float64)
    for train, held in _folds(y, INNER_FOLDS):
        for i, f in enumerate(features):
            for j, ridge in enumerate(RIDGES):
                w, b = _fit(f[train], y[train], ridge)
                losses[i, j] += (_weights(y)[held] * (f[held] @ w - b - y[held]) ** 2).sum()
    best = int(losses.argmin())
    return best // len(RIDGES), RIDGES[best % len(RIDGES)]


def _fit(x: Tensor, y: Tensor, ridge: float) -> tuple[Tensor, Tensor]:
    """w [d] and b of the ridge regression of y = ±1 on x [n, d], in which both kinds of example weigh the same."""
    weights = _weights(y)
    middle = weights @ x
    x = x - middle
    gram = x @ x.T
    size = (weights * gram.diagonal()).sum().clamp_min(TINY**2)
    w = x.T @ torch.linalg.solve(gram + torch.diag(ridge * size / weights), y)
    return w, middle @ w


def _weights(y: Tensor) -> Tensor:
    """Of each example; those of one kind sum to a half."""
    weights: Tensor = torch.where(y > 0, 0.5 / (y > 0).sum(), 0.5 / (y < 0).sum()).double()
    return weights
