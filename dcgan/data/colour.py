"""Colour and its absence, for arrays."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def luma(pictures: Array) -> Array:
    """uint8 [..., 3]  →  uint8 [...]: brightness by ITU-R BT.601, in the integers Pillow uses for mode "L"."""
    red, green, blue = (pictures[..., channel].astype(np.uint32) for channel in range(3))
    gray: Array = ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16).astype(np.uint8)
    return gray


def is_gray(pictures: Array) -> bool:
    """Whether uint8 [..., 1 or 3] carries no colour at all."""
    first = pictures[..., :1]
    return pictures.shape[-1] == 1 or bool((pictures == first).all())
