"""Filter doodles by their factors: `doodles?hat=crown,cap&glasses=none` keeps those with a crown or cap, no glasses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dcgan.data.doodles.draw_one import sample_factors_of
from dcgan.data.doodles.factors import FACTORS
from dcgan.data.doodles.make import MAX_COUNT
from dcgan.errors import DatasetError

Choice = Mapping[str, frozenset[int]]  # factor → allowed values, as indices into FACTORS; absent: all


def parse_filter(options: Mapping[str, str]) -> Choice:
    """Parse the factors among a spec's options. Raises DatasetError for an unknown value."""
    choice = {}
    for name in FACTORS.keys() & options.keys():
        values = [value.strip() for value in options[name].split(",")]
        for value in values:
            if value not in FACTORS[name]:
                raise DatasetError(f"The {name} of a doodle is one of {', '.join(FACTORS[name])}, not {value!r:.60}.")
        choice[name] = frozenset(FACTORS[name].index(value) for value in values)
    return choice


def matches(choice: Choice, factors: Mapping[str, Tensor]) -> Tensor:
    """Return which doodles match the choice, bool [N]. factors: name → int64 [N]."""
    count = len(next(iter(factors.values())))
    fits = torch.ones(count, dtype=torch.bool)
    for name, values in choice.items():
        fits &= torch.isin(factors[name], torch.tensor(sorted(values)))
    return fits


def fits(choice: Choice, factors: Mapping[str, int]) -> bool:
    """Return whether one doodle matches the choice. factors: name → index of the value."""
    return all(factors[name] in values for name, values in choice.items())


def matching_indices(choice: Choice, seed: int, places: Sequence[int]) -> list[int]:
    """Return the indices of the matching doodles at these places among the matches. Raises IndexError."""
    if not choice:
        return list(places)
    wanted = max(places, default=-1) + 1
    found: list[int] = []
    for i in range(MAX_COUNT):
        if len(found) == wanted:
            break
        if fits(choice, sample_factors_of(seed, i)):
            found.append(i)
    return [found[place] for place in places]
