"""What a request from outside may carry: the one place where seeds, latents, truncation and edits are checked.

Pages, links and the API send JSON, so a "number" may be text, true, NaN or missing. Each check returns the value in
its proper type or raises RequestError with a sentence for the person who sent it.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dcgan.errors import RequestError
from dcgan.latent import MAX_SEED

MAX_PSI = 2.0
MAX_AMOUNT = 10.0
MAX_EDITS = 2048
MAX_OFF = 512
MAX_NZ = 1024
UNIT_SLACK = 0.01  # half precision moves a vector's length by less
MAX_Z = 10.0  # no number of a latent is larger: under the prior, 4 is rare already
# Above this, whole numbers that travelled as floating point have lost their last digits.
MAX_EXACT_FLOAT = 2**53
# How directions are found; the first where none is named.
METHODS = ("jacobian", "sefa", "pca")
NUMBERS = (int, float, np.integer, np.floating)


@dataclass(frozen=True)
class Edit:
    """Adds `amount` along a dimension of z, a discovered direction, or a unit vector of its own; exactly one is given.

    `method`, of METHODS, says how the direction was found; None stands for the first.
    """

    amount: float
    dim: int | None = None
    direction: int | None = None
    method: str | None = None
    vector: tuple[float, ...] | None = None


def check_number(value: object, name: str, low: float, high: float) -> float:
    """A number from low to high, both finite."""
    # NaN compares false with everything, so it fails here too.
    if isinstance(value, bool) or not isinstance(value, NUMBERS) or not low <= value <= high:
        raise RequestError(f"{name} must be a number from {low:g} to {high:g}, not {_show(value)}.")
    return float(value)


def check_whole(value: object, name: str, low: int, high: int) -> int:
    """A whole number from low to high; 3.0 counts as one, as JSON makes no difference."""
    number: Any = value
    if isinstance(number, float | np.floating) and abs(float(number)) <= MAX_EXACT_FLOAT and float(number).is_integer():
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


def pack_z(z: Sequence[float]) -> str:
    """A latent as text for links and requests: base64url of its float16 numbers, 267 letters for 100 of them.

    Half precision moves a picture by less than a step of its gray values. Numbers beyond ±MAX_Z are cut to it.
    """
    numbers = np.clip(np.asarray(z, dtype=np.float64), -MAX_Z, MAX_Z)
    assert numbers.ndim == 1 and 0 < len(numbers) <= MAX_NZ and np.isfinite(numbers).all(), numbers.shape
    return base64.urlsafe_b64encode(numbers.astype("<f2").tobytes()).decode().rstrip("=")


def parse_z(raw: object) -> tuple[float, ...] | None:
    """A latent from `pack_z`'s text or from a list of numbers; None for None and "".

    Whether a model has that many dimensions is for `Renderer.latent` to say.
    """
    if raw is None or raw == "":
        return None
    numbers = _unpack_z(raw) if isinstance(raw, str) else raw
    if not isinstance(numbers, list | tuple) or not 0 < len(numbers) <= MAX_NZ:
        raise RequestError(f"z must be a list of 1 to {MAX_NZ} numbers, or their float16 bytes in base64url.")
    return tuple(check_number(number, "Each number of z", -MAX_Z, MAX_Z) for number in numbers)


def _unpack_z(text: str) -> list[float]:
    try:
        if not text.isascii() or len(text) > 3 * MAX_NZ:
            raise ValueError
        content = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
        numbers: list[float] = np.frombuffer(content, "<f2").tolist()
    except (ValueError, binascii.Error):
        raise RequestError("z is not a whole latent: its text is damaged or cut short.") from None
    return numbers


def parse_edits(raw: object) -> tuple[Edit, ...]:
    """[{"dim": 3, "amount": 1.5}, {"direction": 0, "amount": -2}] → edits; None means none.

    A direction may name its "method"; in place of either there may be a "vector", as `pack_z` writes it.

    Whether a model has that many dimensions or directions is for `Renderer.latent` to say.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple):
        raise RequestError(f"Edits are a list such as [{{'dim': 3, 'amount': 1.5}}], not {_show(raw)}.")
    if len(raw) > MAX_EDITS:
        raise RequestError(f"At most {MAX_EDITS} edits can be made at once, not {len(raw)}.")
    return tuple(_parse_edit(_as_mapping(item)) for item in raw)


def parse_off(raw: object) -> tuple[tuple[int, int], ...]:
    """[[layer, unit], …] → units that are off, each once and in order; None means none.

    Whether a model has such a layer or unit is for the renderer to say.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple) or len(raw) > MAX_OFF:
        raise RequestError(f"off must be a list of at most {MAX_OFF} units, each [layer, unit].")
    for pair in raw:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise RequestError(f"A unit that is off is written [layer, unit], unlike {_show(pair)}.")
    return tuple(
        sorted({(check_whole(layer, "A layer", 0, 15), check_whole(unit, "A unit", 0, 65535)) for layer, unit in raw})
    )


def one_of(body: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    """One of a few words; the first where none is given."""
    value = body.get(key, choices[0])
    if not isinstance(value, str) or value not in choices:
        raise RequestError(f"{key} must be one of {', '.join(choices)}.")
    return value


def flag(body: Mapping[str, Any], key: str) -> bool:
    """true or false; false where none is given."""
    value = body.get(key, False)
    if not isinstance(value, bool):
        raise RequestError(f"{key} must be true or false.")
    return value


def _as_mapping(item: object) -> object:
    if not isinstance(item, Edit):
        return item
    return {name: value for name, value in vars(item).items() if value is not None}


def _parse_edit(item: object) -> Edit:
    keys = set(item) if isinstance(item, Mapping) else set()
    kinds = ({"dim"}, {"direction"}, {"direction", "method"}, {"vector"})
    if not isinstance(item, Mapping) or keys - {"amount"} not in kinds or "amount" not in keys:
        raise RequestError(
            f"An edit has an 'amount' and either a 'dim', a 'direction' or a 'vector', unlike {_show(item)}."
        )
    amount = check_number(item["amount"], "An edit's amount", -MAX_AMOUNT, MAX_AMOUNT)
    if "vector" in keys:
        return Edit(amount, vector=parse_unit(item["vector"]))
    if "dim" in keys:
        return Edit(amount, dim=check_whole(item["dim"], "An edit's dim", 0, 1023))
    method = one_of(item, "method", METHODS)
    index = check_whole(item["direction"], "An edit's direction", 0, 1023)
    return Edit(amount, direction=index, method=None if method == METHODS[0] else method)


def parse_unit(raw: object) -> tuple[float, ...]:
    """A direction of one's own: a vector of length 1, as `parse_z` reads it."""
    vector = parse_z(raw)
    if vector is None or abs(math.hypot(*vector) - 1) > UNIT_SLACK:
        raise RequestError("A direction's vector must have the length 1; divide it by its length.")
    return vector


def _show(value: object) -> str:
    """A value as it may stand in a sentence: short, whatever was sent."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "a number that long"
    return text if len(text) <= 60 else f"{text[:57]}…"
