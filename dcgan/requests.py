"""What a request from outside may carry: the one place where seeds, truncation and edits are checked.

Pages, links and the API send JSON, so a "number" may be text, true, NaN or missing. Each check returns the value in
its proper type or raises RequestError with a sentence for the person who sent it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dcgan.errors import RequestError
from dcgan.latent import MAX_SEED

MAX_PSI = 2.0
MAX_AMOUNT = 10.0
MAX_EDITS = 2048
# Above this, whole numbers that travelled as floating point have lost their last digits.
MAX_EXACT_FLOAT = 2**53
NUMBERS = (int, float, np.integer, np.floating)


@dataclass(frozen=True)
class Edit:
    """Adds `amount` along one dimension of z (`dim`) or along one discovered direction; exactly one is given."""

    amount: float
    dim: int | None = None
    direction: int | None = None


def check_number(value: object, name: str, low: float, high: float) -> float:
    """A number from low to high, both finite."""
    # NaN compares false with everything, so it fails here too.
    if isinstance(value, bool) or not isinstance(value, NUMBERS) or not low <= value <= high:
        raise RequestError(f"{name} must be a number from {low:g} to {high:g}, not {_show(value)}.")
    return float(value)


def check_whole(value: object, name: str, low: int, high: int) -> int:
    """A whole number from low to high; 3.0 counts as one, as JSON makes no difference."""
    number: Any = value
    if isinstance(number, float | np.floating) and abs(number) <= MAX_EXACT_FLOAT and float(number).is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not low <= number <= high:
        raise RequestError(f"{name} must be a whole number from {low} to {high}, not {_show(value)}.")
    return int(number)


def check_seed(value: object) -> int:
    """A seed, 0 … 2^63 - 1."""
    return check_whole(value, "The seed", 0, MAX_SEED)


def check_psi(value: object) -> float:
    """A truncation, 0 … 2."""
    return check_number(value, "Psi", 0.0, MAX_PSI)


def parse_edits(raw: object) -> tuple[Edit, ...]:
    """[{"dim": 3, "amount": 1.5}, {"direction": 0, "amount": -2}] → edits; None means none.

    Whether a model has that many dimensions or directions is for `Sampler.latent` to say.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple):
        raise RequestError(f"Edits are a list such as [{{'dim': 3, 'amount': 1.5}}], not {_show(raw)}.")
    if len(raw) > MAX_EDITS:
        raise RequestError(f"At most {MAX_EDITS} edits can be made at once, not {len(raw)}.")
    return tuple(_parse_edit(_as_mapping(item)) for item in raw)


def _as_mapping(item: object) -> object:
    if not isinstance(item, Edit):
        return item
    return {name: value for name, value in vars(item).items() if value is not None}


def _parse_edit(item: object) -> Edit:
    keys = set(item) if isinstance(item, Mapping) else set()
    if not isinstance(item, Mapping) or keys not in ({"dim", "amount"}, {"direction", "amount"}):
        raise RequestError(f"An edit has an 'amount' and either a 'dim' or a 'direction', unlike {_show(item)}.")
    amount = check_number(item["amount"], "An edit's amount", -MAX_AMOUNT, MAX_AMOUNT)
    kind = "dim" if "dim" in keys else "direction"
    index = check_whole(item[kind], f"An edit's {kind}", 0, 1023)
    return Edit(amount, dim=index) if kind == "dim" else Edit(amount, direction=index)


def _show(value: object) -> str:
    """A value as it may stand in a sentence: short, whatever was sent."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "a number that long"
    return text if len(text) <= 60 else f"{text[:57]}…"
