"""A linear classifier from few examples with many features: ridge regression on ±1, by the examples' products alone."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

FOLDS = 10
RIDGE = 0.1  # of the features' size; a tenth or ten times as much tells traits equally well
TINY = 1e-12


def held_out_accuracy(gram: Tensor, y: Tensor) -> float:
    """Balanced accuracy, each example told by a classifier that has not seen it."""
    right = torch.zeros(len(y), dtype=torch.bool)
    for train, held in _folds(y):
        coefficients, threshold = fit(gram[train][:, train], y[train])
        right[held] = (gram[held][:, train] @ coefficients - threshold) * y[held] > 0
    return float(right[y > 0].double().mean() + right[y < 0].double().mean()) / 2


def _folds(y: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Training and held-out indices; each kind of example is dealt out evenly, in its order."""
    count = min(FOLDS, int((y > 0).sum()), int((y < 0).sum()))
    fold = torch.empty(len(y), dtype=torch.long)
    for kind in (y > 0, y < 0):
        fold[kind] = torch.arange(int(kind.sum())) % count
    for i in range(count):
        yield (fold != i).nonzero().flatten(), (fold == i).nonzero().flatten()


def fit(gram: Tensor, y: Tensor, strength: float = RIDGE) -> tuple[Tensor, Tensor]:
    """Ridge regression of y = ±1 on features whose products are `gram` [n, n]; both kinds weigh the same.

    → how much of each example's features [n] makes up the weights, and the score between the two kinds.
    """
    weights = torch.where(y > 0, 0.5 / (y > 0).sum(), 0.5 / (y < 0).sum()).double()  # of one kind, they sum to a half
    means = gram @ weights
    centred = gram - means[:, None] - means[None] + weights @ means
    size = (weights * centred.diagonal()).sum().clamp_min(TINY)
    dual = torch.linalg.solve(centred + torch.diag(strength * size / (len(y) * weights)), y)
    coefficients = dual - dual.sum() * weights
    return coefficients, means @ coefficients
