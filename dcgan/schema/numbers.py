"""Checks of single values: each returns the value in its proper type or raises RequestError with a sentence.

Pages, links and the API send JSON, so a "number" may be text, true, NaN or missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dcgan.errors import RequestError
from dcgan.latent import MAX_SEED

MAX_PSI = 2.0
# Above this, whole numbers that travelled as floating point have lost their last digits.
MAX_EXACT_FLOAT = 2**53
NUMBERS = (int, float, np.integer, np.floating)


def check_number(value: object, name: str, low: float, high: float) -> float:
    """A number from low to high, both finite."""
    # NaN compares false with everything, so it fails here too.
    if isinstance(value, bool) or not isinstance(value, NUMBERS) or not low <= value <= high:
        raise RequestError(f"{name} must be a number from {low:g} to {high:g}, not {show(value)}.")
    return float(value)


def check_whole(value: object, name: str, low: int, high: int) -> int:
    """A whole number from low to high; 3.0 counts as one, as JSON makes no difference."""
    number: Any = value
    if isinstance(number, float | np.floating) and abs(float(number)) <= MAX_EXACT_FLOAT and float(number).is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not low <= number <= high:
        raise RequestError(f"{name} must be a whole number from {low} to {high}, not {show(value)}.")
    return int(number)


def check_seed(value: object) -> int:
    """A seed, 0 … 2^63 - 1."""
    return check_whole(value, "The seed", 0, MAX_SEED)


def check_psi(value: object) -> float:
    """A truncation, 0 … 2."""
    return check_number(value, "Psi", 0.0, MAX_PSI)


def check_choice(value: object, name: str, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in choices:
        raise RequestError(f"{name} must be one of {', '.join(choices)}, not {show(value)}.")
    return value


def check_flag(value: object, name: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise RequestError(f"{name} must be true or false, not {show(value)}.")
    return value


def check_text(value: object, name: str, longest: int) -> str:
    """Text of at most so many characters."""
    if not isinstance(value, str) or len(value) > longest:
        raise RequestError(f"{name} must be text of at most {longest} characters.")
    return value


def one_of(body: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    """A request's word under a key; the first of the choices where none is given."""
    return check_choice(body.get(key, choices[0]), key, choices)


def flag(body: Mapping[str, Any], key: str) -> bool:
    """A request's true or false under a key; false where none is given."""
    return check_flag(body.get(key, False), key)


def show(value: object) -> str:
    """A value as it may stand in a sentence: short, whatever was sent."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "a number that long"
    return text if len(text) <= 60 else f"{text[:57]}…"
