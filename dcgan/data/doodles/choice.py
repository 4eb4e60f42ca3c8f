"""Some of the doodles: `doodles?hat=crown,cap&glasses=none` are those that wear a crown or a cap and no glasses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dcgan.data.doodles.factors import FACTORS
from dcgan.data.doodles.make import MAX_COUNT
from dcgan.data.doodles.one import factors_of
from dcgan.errors import DatasetError

Choice = Mapping[str, frozenset[int]]  # factor → the values it may have, as indices into FACTORS; absent: any


def parse_choice(options: Mapping[str, str]) -> Choice:
    """A spec's options, those that are no factors left aside. Raises DatasetError on a value that there is not."""
    choice = {}
    for name in FACTORS.keys() & options.keys():
        values = [value.strip() for value in options[name].split(",")]
        for value in values:
            if value not in FACTORS[name]:
                raise DatasetError(f"The {name} of a doodle is {', '.join(FACTORS[name])}, not {value!r:.60}.")
        choice[name] = frozenset(FACTORS[name].index(value) for value in values)
    return choice


def chosen(choice: Choice, factors: Mapping[str, Tensor]) -> Tensor:
    """Which doodles, of the factors' int64 [N], are among the choice: bool [N]."""
    count = len(next(iter(factors.values())))
    fits = torch.ones(count, dtype=torch.bool)
    for name, values in choice.items():
        fits &= torch.isin(factors[name], torch.tensor(sorted(values)))
    return fits


def numbers(choice: Choice, seed: int, places: Sequence[int]) -> list[int]:
    """The numbers of the doodles that stand at these places of the chosen ones. Raises IndexError beyond the last."""
    if not choice:
        return list(places)
    wanted = max(places, default=-1) + 1
    found: list[int] = []
    for i in range(MAX_COUNT):
        if len(found) == wanted:
            break
        if all(factors_of(seed, i)[name] in values for name, values in choice.items()):
            found.append(i)
    return [found[place] for place in places]
