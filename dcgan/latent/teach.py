"""A direction learned from examples: latents whose pictures have a trait, and latents whose pictures have not.

Least squares on ±1. Latents are Gaussian, and for Gaussian inputs least squares finds the direction that a trait
depends on, whatever curve leads from there to yes or no (Brillinger 1982). A person marks a few dozen examples, and a
latent has a hundred numbers: so the direction is held small, and smaller still along axes that hardly change pictures,
since there few traits show. How small is chosen by cross-validation, inside the one that measures how good the result
is.

On a model of doodles whose factors can be read, no straight cut tells glasses, hats or open mouths in more than 59 to
70 % (3,000 examples): a DCGAN's traits are bent, and other traits move along. Yet along the direction from 100 examples
of each, hats go from 5 % of faces to 84 %. So the accuracy is shown beside the preview, never in place of it.
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
# How far to believe that a trait shows where pictures change: 0 is not at all, 1 in proportion. Much of it helps a
# dozen examples of a trait along a strong axis; with a hundred, as for glasses and mouths on doodles, little is better.
TRUST = 0.4
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
        share, count = math.floor(100 * self.accuracy + 0.5), self.has + self.has_not
        told = f"{share} % of {count} examples are told right when held out"
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
    root = _root(z.shape[1], locked, prior)
    x = z @ root

    right = torch.zeros(len(z), dtype=torch.bool)
    for train, held in _folds(y, FOLDS):
        w, b = _fit(x[train], y[train], _choose(x[train], y[train]))
        right[held] = (x[held] @ w - b) * y[held] > 0
    accuracy = float(right[y > 0].double().mean() + right[y < 0].double().mean()) / 2

    vector = root @ _fit(x, y, _choose(x, y))[0]
    return Lesson((vector / vector.norm()).half().float(), accuracy, len(has), len(has_not))


def _root(nz: int, locked: Tensor | None, prior: Tensor | None) -> Tensor:
    """A square root [nz, nz] of the covariance to expect of a direction: nothing along what is locked."""
    free = torch.eye(nz, dtype=torch.float64)
    if locked is not None and len(locked):
        basis, strength, _ = torch.linalg.svd(locked.double().T, full_matrices=False)
        basis = basis[:, strength > TINY * strength.max()]
        free = free - basis @ basis.T
        if basis.shape[1] == nz:
            raise RequestError("With all that is locked taken out, nothing is left to learn; unlock a direction.")
    if prior is None:
        return free
    values, vectors = torch.linalg.eigh(prior.double())
    root: Tensor = free @ vectors @ torch.diag(values.clamp_min(TINY) ** (TRUST / 2)) @ vectors.T
    return root


def _folds(y: Tensor, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Training and held-out indices; each kind of example is dealt out evenly, in its order."""
    count = min(count, int((y > 0).sum()), int((y < 0).sum()))
    fold = torch.empty(len(y), dtype=torch.long)
    for kind in (y > 0, y < 0):
        fold[kind] = torch.arange(int(kind.sum())) % count
    for i in range(count):
        yield (fold != i).nonzero().flatten(), (fold == i).nonzero().flatten()


def _choose(x: Tensor, y: Tensor) -> float:
    """The ridge whose squared error on held-out examples is smallest; the strongest where none can be held out."""
    if min(int((y > 0).sum()), int((y < 0).sum())) < 2:
        return RIDGES[-1]
    losses = torch.zeros(len(RIDGES), dtype=torch.float64)
    weights = _weights(y)
    for train, held in _folds(y, INNER_FOLDS):
        for i, ridge in enumerate(RIDGES):
            w, b = _fit(x[train], y[train], ridge)
            losses[i] += (weights[held] * (x[held] @ w - b - y[held]) ** 2).sum()
    return RIDGES[int(losses.argmin())]


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
