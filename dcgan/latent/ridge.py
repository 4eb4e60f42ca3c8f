"""A linear classifier for few examples with many features: ridge regression on ±1 in its dual (kernel) form."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

FOLDS = 10
RIDGE = 0.1  # relative to the features' variance; 0.01 and 1 classify equally well
TINY = 1e-12


def cross_validated_accuracy(gram: Tensor, y: Tensor) -> float:
    """Return the balanced accuracy in k-fold cross-validation. gram [n, n]: products of features; y [n]: ±1."""
    right = torch.zeros(len(y), dtype=torch.bool)
    for train, held in _folds(y):
        coefficients, threshold = fit(gram[train][:, train], y[train])
        right[held] = (gram[held][:, train] @ coefficients - threshold) * y[held] > 0
    return float(right[y > 0].double().mean() + right[y < 0].double().mean()) / 2


def _folds(y: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield training and held-out indices of each fold; both classes are spread evenly over the folds."""
    count = min(FOLDS, int((y > 0).sum()), int((y < 0).sum()))
    fold = torch.empty(len(y), dtype=torch.long)
    for members in (y > 0, y < 0):
        fold[members] = torch.arange(int(members.sum())) % count
    for i in range(count):
        yield (fold != i).nonzero().flatten(), (fold == i).nonzero().flatten()


def fit(gram: Tensor, y: Tensor, strength: float = RIDGE) -> tuple[Tensor, Tensor]:
    """Fit ridge regression of y = ±1 on features with Gram matrix `gram` [n, n]; both classes have equal weight.

    Returns the dual coefficients [n], whose weighted sum of features is the weight vector, and the decision threshold.
    """
    weights = torch.where(y > 0, 0.5 / (y > 0).sum(), 0.5 / (y < 0).sum()).double()  # each class sums to one half
    means = gram @ weights
    centred = gram - means[:, None] - means[None] + weights @ means
    size = (weights * centred.diagonal()).sum().clamp_min(TINY)
    dual = torch.linalg.solve(centred + torch.diag(strength * size / (len(y) * weights)), y)
    coefficients = dual - dual.sum() * weights
    return coefficients, means @ coefficients
