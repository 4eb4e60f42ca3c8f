"""Scores with their standard errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class Estimate(NamedTuple):
    """A score and its standard error, NaN if it is unknown."""

    score: float
    error: float


def mean_and_error(values: Tensor) -> Estimate:
    """Return the mean of independent values [N] and its standard error."""
    values = values.double().flatten()
    error = values.std().item() / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return Estimate(values.mean().item(), error)


def jackknife(metric: Callable[[Tensor], Tensor], rows: Tensor, groups: int = 8) -> list[Estimate]:
    """Estimate scores from all rows, and their errors by a delete-a-group jackknife.

    `metric`: rows [n, …] → scores [k]. `rows` must be in random order. Returns k estimates. It suits metrics that
    depend on the number of rows (Fréchet, k-NN), for which a mean over small subsets would be biased.
    """
    scores = metric(rows)
    groups = min(groups, len(rows))
    part = torch.arange(len(rows)) % groups
    without = torch.stack([metric(rows[part != group]) for group in range(groups)])
    errors = (without.var(dim=0, unbiased=False) * (groups - 1)).sqrt()
    return [Estimate(score, error) for score, error in zip(scores.tolist(), errors.tolist(), strict=True)]
