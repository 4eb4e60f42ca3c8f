"""Blur and noise of known strength: damaged real pictures show which scores a bad generator would get.

The functions take and return uint8 [N, nc, S, S]; a sigma of 0 changes nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from dcgan.images import to_float, to_uint8


def blur(pictures: Tensor, sigma: float) -> Tensor:
    """Blur with a Gaussian of `sigma` pixels; edge pixels are repeated outwards."""
    if sigma <= 0:
        return pictures
    x = to_float(pictures)
    window = _blur_matrix(sigma, pictures.shape[-1]).to(x)
    return to_uint8(window @ x @ window.T)


def noise(pictures: Tensor, sigma: float, seed: int = 0) -> Tensor:
    """Add independent Gaussian noise of `sigma` gray levels (of 255) to each value."""
    rng = torch.Generator().manual_seed(seed)
    return to_uint8(to_float(pictures) + torch.randn(pictures.shape, generator=rng) * (sigma / 127.5))


def _blur_matrix(sigma: float, side: int) -> Tensor:
    """Return the matrix [side, side], float64, that blurs a line of `side` pixels.

    Two matrix products are far faster than a grouped convolution on pictures of this size on a CPU.
    """
    radius = max(1, round(3 * sigma))
    x = torch.arange(-radius, radius + 1, dtype=torch.float64)
    taps = torch.exp(-(x**2) / (2 * sigma**2))
    # row i: the padded line that has a 1 at pixel i, and wherever padding repeats it
    line = F.pad(torch.eye(side, dtype=torch.float64), (radius, radius), mode="replicate")
    return torch.einsum("sok,k->os", line.unfold(1, len(taps), 1), taps / taps.sum())
