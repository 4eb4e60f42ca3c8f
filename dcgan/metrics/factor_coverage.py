"""Which of the doodles' factor values, and pairs of values, G still draws.

A small classifier (`factor_reader.py`) predicts the values of the samples. It makes mistakes, so its predictions are
compared with its predictions for real doodles, not with the true values.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

# A value counts as drawn if it is predicted at least this often, relative to real doodles: mistakes are rarer.
MIN_SHARE = 0.25


@dataclass(frozen=True)
class FactorCoverage:
    """How many values and pairs G draws. `imbalance`: total variation from the shares of real doodles, mean, 0 … 1."""

    values_drawn: int
    values: int
    pairs_drawn: int
    pairs: int
    missing: tuple[str, ...]  # "hat: crown"
    imbalance: float


def factor_coverage(read: Mapping[str, Tensor], real: Mapping[str, Tensor], sizes: Mapping[str, int]) -> FactorCoverage:
    """Compare the values predicted for samples (factor → int64 [N]) with those for real doodles (int64 [M]).

    `sizes`: factor → number of its values. Only values and pairs that occur in the real doodles are counted.
    """
    drawn, shown, missing, variation = 0, 0, [], []
    for factor, size in sizes.items():
        p, q = _shares(read[factor], size), _shares(real[factor], size)
        absent = (q > 0) & ~_is_drawn(p, q)
        missing += [f"{factor}: {value}" for value in absent.nonzero().flatten().tolist()]
        drawn, shown = drawn + int(((q > 0) & ~absent).sum()), shown + int((q > 0).sum())
        variation.append(0.5 * (p - q).abs().sum().item())
    pairs_drawn, pairs = 0, 0
    for a, b in itertools.combinations(sizes, 2):
        n = sizes[a] * sizes[b]
        p, q = (_shares(values[a] * sizes[b] + values[b], n) for values in (read, real))
        pairs_drawn, pairs = pairs_drawn + int(((q > 0) & _is_drawn(p, q)).sum()), pairs + int((q > 0).sum())
    return FactorCoverage(drawn, shown, pairs_drawn, pairs, tuple(missing), sum(variation) / len(variation))


def _shares(values: Tensor, size: int) -> Tensor:
    return torch.bincount(values, minlength=size).double() / len(values)


def _is_drawn(share: Tensor, real_share: Tensor) -> Tensor:
    return (share > 0) & (share >= MIN_SHARE * real_share)


def with_names(coverage: FactorCoverage, values: Mapping[str, Sequence[str]]) -> FactorCoverage:
    """Return the coverage with its missing values by name instead of by number."""
    pairs = [entry.split(": ") for entry in coverage.missing]
    names = tuple(f"{factor}: {values[factor][int(index)]}" for factor, index in pairs)
    return FactorCoverage(**{**coverage.__dict__, "missing": names})
