"""Latents as text, in links, requests and the shelf's files. `codec.js` implements the same."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence

import numpy as np

from dcgan.errors import RequestError
from dcgan.schema.numbers import check_number

MAX_NZ = 1024
MAX_Z = 10.0  # largest number in a latent; above 4 is rare under the prior
NORM_TOLERANCE = 0.01  # rounding to half precision changes a norm by less


def encode_z(z: Sequence[float]) -> str:
    """Encode a latent as base64url of its float16 numbers: 267 characters for 100 numbers.

    Rounding to half precision changes a picture by less than one gray level. Numbers are clipped to ±MAX_Z.
    """
    numbers = np.clip(np.asarray(z, dtype=np.float64), -MAX_Z, MAX_Z)
    assert numbers.ndim == 1 and 0 < len(numbers) <= MAX_NZ and np.isfinite(numbers).all(), numbers.shape
    return base64.urlsafe_b64encode(numbers.astype("<f2").tobytes()).decode().rstrip("=")


def parse_z(raw: object) -> tuple[float, ...] | None:
    """Parse a latent from `encode_z`'s text or a list of numbers; None and "" give None.

    `Renderer.latent` checks that the model has that many dimensions.
    """
    if raw is None or raw == "":
        return None
    numbers = _decode_z(raw) if isinstance(raw, str) else raw
    if not isinstance(numbers, list | tuple) or not 0 < len(numbers) <= MAX_NZ:
        raise RequestError(f"z must be a list of 1 to {MAX_NZ} numbers, or their float16 bytes in base64url.")
    return tuple(check_number(number, "Each number of z", -MAX_Z, MAX_Z) for number in numbers)


def parse_unit_vector(raw: object) -> tuple[float, ...]:
    """Parse a vector of norm 1, in either form that `parse_z` takes."""
    vector = parse_z(raw)
    if vector is None:
        raise RequestError("A direction's vector is missing; it must have the norm 1.")
    norm = math.hypot(*vector)
    if abs(norm - 1) > NORM_TOLERANCE:
        raise RequestError(f"A direction's vector must have the norm 1, not {norm:.4g}; divide it by its norm.")
    return vector


def _decode_z(text: str) -> list[float]:
    try:
        if not text.isascii() or len(text) > 3 * MAX_NZ:
            raise ValueError
        content = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True)
        numbers: list[float] = np.frombuffer(content, "<f2").tolist()
    except (ValueError, binascii.Error):
        raise RequestError("z is not a complete latent: its text is damaged or cut short. Copy it again.") from None
    return numbers
