"""Doodles have known factors: which of their values, and pairs of values, does G still draw?

The values are read off the samples by a small classifier (`factor_reader.py`). It errs now and then, so what it reads
is compared with what it reads off real doodles, never with what was drawn there.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

# A value counts as drawn when it is read at least a quarter as often as off real doodles: misreadings are rarer.
ENOUGH = 0.25


@dataclass(frozen=True)
class FactorCoverage:
    """What was read off a set of pictures, against real doodles. `imbalance`: mean total variation, 0 … 1."""

    values_drawn: int
    values: int
    pairs_drawn: int
    pairs: int
    missing: tuple[str, ...]  # "hat: crown"
    imbalance: float


def factor_coverage(read: Mapping[str, Tensor], real: Mapping[str, Tensor], sizes: Mapping[str, int]) -> FactorCoverage:
    """Values read off samples (factor → int64 [N]) against values read off real doodles (int64 [M]).

    `sizes`: factor → how many values it has. Only values and pairs that the real doodles show are counted.
    """
    drawn, shown, missing, variation = 0, 0, [], []
    for factor, size in sizes.items():
        p, q = _shares(read[factor], size), _shares(real[factor], size)
        absent = (q > 0) & ~_enough(p, q)
        missing += [f"{factor}: {value}" for value in absent.nonzero().flatten().tolist()]
        drawn, shown = drawn + int(((q > 0) & ~absent).sum()), shown + int((q > 0).sum())
        variation.append(0.5 * (p - q).abs().sum().item())
    pairs_drawn, pairs = 0, 0
    for a, b in itertools.combinations(sizes, 2):
        n = sizes[a] * sizes[b]
        p, q = (_shares(values[a] * sizes[b] + values[b], n) for values in (read, real))
        pairs_drawn, pairs = pairs_drawn + int(((q > 0) & _enough(p, q)).sum()), pairs + int((q > 0).sum())
    return FactorCoverage(drawn, shown, pairs_drawn, pairs, tuple(missing), sum(variation) / len(variation))


def _shares(values: Tensor, size: int) -> Tensor:
    return torch.bincount(values, minlength=size).double() / len(values)


def _enough(share: Tensor, real_share: Tensor) -> Tensor:
    return (share > 0) & (share >= ENOUGH * real_share)


def with_names(coverage: FactorCoverage, values: Mapping[str, Sequence[str]]) -> FactorCoverage:
    """The same, its missing values by name instead of by number."""
    pairs = [entry.split(": ") for entry in coverage.missing]
    names = tuple(f"{factor}: {values[factor][int(index)]}" for factor, index in pairs)
    return FactorCoverage(**{**coverage.__dict__, "missing": names})
