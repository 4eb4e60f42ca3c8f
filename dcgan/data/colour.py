"""Colour and its absence, for arrays."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

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


def to_channels(pictures: Array, nc: int) -> Tensor:
    """uint8 [n, S, S, 1 or 3]  →  uint8 [n, nc, S, S]: gray is repeated, colour becomes gray by its luma."""
    if nc == 1 and pictures.shape[-1] == 3:
        pictures = luma(pictures)[..., None]
    return torch.from_numpy(np.array(pictures.transpose(0, 3, 1, 2))).expand(-1, nc, -1, -1)
