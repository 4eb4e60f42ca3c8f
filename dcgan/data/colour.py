"""Conversion between colour and gray."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

Array = np.ndarray


def luma(pictures: Array) -> Array:
    """Convert uint8 [..., 3] to luma, uint8 [...], by ITU-R BT.601, in Pillow's integer arithmetic."""
    red, green, blue = (pictures[..., channel].astype(np.uint32) for channel in range(3))
    gray: Array = ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16).astype(np.uint8)
    return gray


def is_gray(pictures: Array) -> bool:
    """Return whether uint8 [..., 1 or 3] has no colour."""
    first = pictures[..., :1]
    return pictures.shape[-1] == 1 or bool((pictures == first).all())


def to_channels(pictures: Array, nc: int) -> Tensor:
    """Convert uint8 [n, S, S, 1 or 3] to [n, nc, S, S]: gray is repeated for nc 3, colour becomes luma for nc 1."""
    if nc == 1 and pictures.shape[-1] == 3:
        pictures = luma(pictures)[..., None]
    return torch.from_numpy(np.array(pictures.transpose(0, 3, 1, 2))).expand(-1, nc, -1, -1)
