"""Activation maps as a picture: side by side, one pixel a position, in the colour of their network."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

# The networks' colours on the page, from dark to light.
G_RAMP = ((24, 38, 36), (14, 88, 80), (53, 189, 172), (232, 255, 250))
D_RAMP = ((40, 25, 22), (120, 40, 28), (255, 125, 104), (255, 244, 240))


def activation_sheet(maps: Tensor, ramp: tuple[tuple[int, int, int], ...]) -> Image.Image:
    """Draw maps [n, s, s] of values ≥ 0 as a picture of s × n·s; the largest value of each map is the brightest."""
    largest = maps.amax(dim=(1, 2), keepdim=True).clamp_min(1e-6)
    levels = (maps / largest * 255).round().to(torch.uint8)
    stops = np.linspace(0, 255, len(ramp))
    palette = np.stack([np.interp(np.arange(256), stops, channel) for channel in zip(*ramp, strict=True)], axis=1)
    return Image.fromarray(palette.round().astype(np.uint8)[torch.cat(list(levels), dim=1).numpy()])
