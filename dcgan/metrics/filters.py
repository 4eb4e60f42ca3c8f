"""Separable filters as two matrix products: on small pictures far faster than a grouped convolution on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def filter_matrix(taps: Tensor, side: int, border: str = "valid") -> Tensor:
    """The matrix [out, side] that slides odd or even `taps` [k] along a line of `side` pixels.

    border: "valid" drops places where taps stick out (out = side - k + 1); "reflect" mirrors the picture there without
    repeating its rim, "replicate" repeats the rim (out = side, odd k).
    """
    k = len(taps)
    pad = 0 if border == "valid" else k // 2
    line = torch.eye(side, dtype=taps.dtype)
    if pad:
        line = F.pad(line, (pad, pad), mode=border)  # each row: where that pixel shows up in the padded line
    return torch.einsum("sok,k->os", line.unfold(1, k, 1), taps)


def apply_filter(x: Tensor, matrix: Tensor) -> Tensor:
    """[…, S, S] → […, out, out], filtered along both sides."""
    return matrix.to(x) @ x @ matrix.to(x).T


def bell(sigma: float, size: int) -> Tensor:
    """Gaussian taps [size], float64, that sum to 1."""
    x = torch.arange(size, dtype=torch.float64) - (size - 1) / 2
    taps = torch.exp(-(x**2) / (2 * sigma**2))
    return taps / taps.sum()
