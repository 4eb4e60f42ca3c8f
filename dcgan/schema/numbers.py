"""Checks of single values: each returns the value in its Python type, or raises RequestError.

Values come as JSON from the page, links and the API, so a number may be text, true, NaN or missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dcgan.errors import RequestError
from dcgan.latent import MAX_SEED

MAX_PSI = 2.0
# Above this, a whole number that was a float may have been rounded.
MAX_EXACT_FLOAT = 2**53
NUMBERS = (int, float, np.integer, np.floating)


def check_number(value: object, name: str, low: float, high: float) -> float:
    """Return a number from low to high as a float."""
    # NaN fails this comparison, too.
    if isinstance(value, bool) or not isinstance(value, NUMBERS) or not low <= value <= high:
        raise RequestError(f"{name} must be a number from {low:g} to {high:g}, not {show(value)}.")
    return float(value)


def check_whole(value: object, name: str, low: int, high: int) -> int:
    """Return a whole number from low to high as an int; 3.0 is accepted, because JSON does not tell it from 3."""
    number: Any = value
    if isinstance(number, float | np.floating) and abs(float(number)) <= MAX_EXACT_FLOAT and float(number).is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not low <= number <= high:
        raise RequestError(f"{name} must be a whole number from {low} to {high}, not {show(value)}.")
    return int(number)


def check_seed(value: object) -> int:
    """Return a seed, 0 … 2^63 - 1."""
    return check_whole(value, "The seed", 0, MAX_SEED)


def check_psi(value: object) -> float:
    """Return a truncation psi, 0 … 2."""
    return check_number(value, "Psi", 0.0, MAX_PSI)


def check_choice(value: object, name: str, choices: tuple[str, ...]) -> str:
    """Return a text that is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise RequestError(f"{name} must be one of {', '.join(choices)}, not {show(value)}.")
    return value


def check_flag(value: object, name: str) -> bool:
    """Return a bool."""
    if not isinstance(value, bool):
        raise RequestError(f"{name} must be true or false, not {show(value)}.")
    return value


def check_text(value: object, name: str, longest: int) -> str:
    """Return a text of at most `longest` characters."""
    if not isinstance(value, str) or len(value) > longest:
        raise RequestError(f"{name} must be text of at most {longest} characters.")
    return value


def one_of(body: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    """Return a request's field that is one of `choices`; the first is the default."""
    return check_choice(body.get(key, choices[0]), key, choices)


def flag(body: Mapping[str, Any], key: str) -> bool:
    """Return a request's field that is a bool, by default False."""
    return check_flag(body.get(key, False), key)


def show(value: object) -> str:
    """Return a value as text of at most 60 characters, for an error message."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to print a whole number of more than 4300 digits
        return "a number of so many digits"
    return text if len(text) <= 60 else f"{text[:57]}…"
