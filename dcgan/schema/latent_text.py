"""Latents as text: what links, requests and the shelf's files carry. `codec.js` does the same."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence

import numpy as np

from dcgan.errors import RequestError
from dcgan.schema.numbers import check_number

MAX_NZ = 1024
MAX_Z = 10.0  # no number of a latent is larger: under the prior, 4 is rare already
LENGTH_TOLERANCE = 0.01  # half precision changes a vector's length by less


def encode_z(z: Sequence[float]) -> str:
    """A latent as text for links and requests: base64url of its float16 numbers, 267 letters for 100 of them.

    Half precision moves a picture by less than a step of its gray values. Numbers beyond ±MAX_Z are cut to it.
    """
    numbers = np.clip(np.asarray(z, dtype=np.float64), -MAX_Z, MAX_Z)
    assert numbers.ndim == 1 and 0 < len(numbers) <= MAX_NZ and np.isfinite(numbers).all(), numbers.shape
    return base64.urlsafe_b64encode(numbers.astype("<f2").tobytes()).decode().rstrip("=")


def parse_z(raw: object) -> tuple[float, ...] | None:
    """A latent from `encode_z`'s text or from a list of numbers; None for None and "".

    `Renderer.latent` says whether a model has that many dimensions.
    """
    if raw is None or raw == "":
        return None
    numbers = _decode_z(raw) if isinstance(raw, str) else raw
    if not isinstance(numbers, list | tuple) or not 0 < len(numbers) <= MAX_NZ:
        raise RequestError(f"z must be a list of 1 to {MAX_NZ} numbers, or their float16 bytes in base64url.")
    return tuple(check_number(number, "Each number of z", -MAX_Z, MAX_Z) for number in numbers)


def parse_unit_vector(raw: object) -> tuple[float, ...]:
    """A vector of length 1, as text or numbers, as `parse_z` reads it."""
    vector = parse_z(raw)
    if vector is None or abs(math.hypot(*vector) - 1) > LENGTH_TOLERANCE:
        raise RequestError("A direction's vector must have the length 1; divide it by its length.")
    return vector


def _decode_z(text: str) -> list[float]:
    try:
        if not text.isascii() or len(text) > 3 * MAX_NZ:
            raise ValueError
        content = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
        numbers: list[float] = np.frombuffer(content, "<f2").tolist()
    except (ValueError, binascii.Error):
        raise RequestError("z is not a whole latent: its text is damaged or cut short.") from None
    return numbers
