"""A measured number and how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class Estimate(NamedTuple):
    """A score and its standard error (NaN where it could not be told)."""

    score: float
    error: float


def mean_and_error(values: Tensor) -> Estimate:
    """Mean of independent values [N] and the standard error of that mean."""
    values = values.double().flatten()
    error = values.std().item() / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return Estimate(values.mean().item(), error)


def jackknife(metric: Callable[[Tensor], Tensor], rows: Tensor, groups: int = 8) -> list[Estimate]:
    """Scores of all rows; errors from leaving out every group of rows in turn (delete-a-group jackknife).

    `metric`: rows [n, …] → scores [k]. `rows` must come in random order. Returns k estimates. For metrics that
    depend on how many rows there are (Fréchet, k-NN), where averaging over small subsets would shift the score.
    """
    scores = metric(rows)
    groups = min(groups, len(rows))
    part = torch.arange(len(rows)) % groups
    without = torch.stack([metric(rows[part != group]) for group in range(groups)])
    errors = (without.var(dim=0, unbiased=False) * (groups - 1)).sqrt()
    return [Estimate(score, error) for score, error in zip(scores.tolist(), errors.tolist(), strict=True)]
