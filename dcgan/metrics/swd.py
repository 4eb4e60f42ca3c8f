"""Sliced Wasserstein distance between patches of Laplacian pyramids (arXiv 1710.10196, section 5).

The pictures themselves, without any network: does the local texture look the same at 64, 32 and 16 pixels?
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from dcgan.metrics.estimate import Estimate, mean_and_error
from dcgan.metrics.filters import apply_filter, filter_matrix

PATCH = 7
SMALLEST = 16


def laplacian_pyramid(x: Tensor) -> list[Tensor]:
    """Pictures [N, C, S, S] → bands of S, S/2, …, 16 pixels; the last one is the low-pass rest."""
    bands = []
    binomial = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    while x.shape[-1] > SMALLEST:
        # Every second row of the filter: smoothed and halved at once.
        small = apply_filter(x, filter_matrix(binomial, x.shape[-1], "reflect")[::2])
        bands.append(x - F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False))
        x = small
    return [*bands, x]


def patches(band: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """`count` random 7 × 7 patches of each picture of [N, C, H, W] → [N·count, C·49].

    Each channel is brought to mean 0 and deviation 1 over all patches, as in the paper.
    """
    n, _, h, w = band.shape
    y = torch.randint(h - PATCH + 1, (n, count, 1, 1), generator=rng) + torch.arange(PATCH).view(1, 1, -1, 1)
    x = torch.randint(w - PATCH + 1, (n, count, 1, 1), generator=rng) + torch.arange(PATCH).view(1, 1, 1, -1)
    picked = band.permute(0, 2, 3, 1)[torch.arange(n).view(-1, 1, 1, 1), y, x]  # [n, count, 7, 7, c]
    picked = picked - picked.mean(dim=(0, 1, 2, 3))
    picked = picked / picked.std(dim=(0, 1, 2, 3)).clamp(min=1e-8)
    return picked.reshape(n * count, -1)


def sliced_wasserstein(a: Tensor, b: Tensor, directions: Tensor) -> Tensor:
    """Mean distance of the sorted projections of [N, d] and [N, d] onto unit directions [d, k], a scalar."""
    # NumPy sorts a line of floats on a CPU about ten times faster than torch.
    sorted_a, sorted_b = (np.sort((directions.T @ rows.T).numpy(), axis=1) for rows in (a, b))
    return torch.from_numpy(np.abs(sorted_a - sorted_b)).mean()


def swd(
    fakes: Tensor, reals: Tensor, seed: int = 0, parts: int = 4, per_picture: int = 64, directions: int = 128
) -> dict[str, Estimate]:
    """uint8 pictures [N, nc, S, S] and [M, nc, S, S], in random order → {"64": …, "32": …, "16": …, "mean": …}.

    Lower is better. Values are × 1000, as published. Both sets are cut into `parts` disjoint parts, each with its own
    patches and directions; the error is the standard error over them. Depends on the number of pictures.
    """
    n = min(len(fakes), len(reals)) // parts
    assert n > 0, (len(fakes), len(reals), parts)
    rng = torch.Generator().manual_seed(seed)
    levels: dict[str, list[Tensor]] = {}
    for part in range(parts):
        rows = slice(part * n, (part + 1) * n)
        pyramids = zip(laplacian_pyramid(fakes[rows].float()), laplacian_pyramid(reals[rows].float()), strict=True)
        for fake_band, real_band in pyramids:
            # The same places in both sets: equal sets are then at distance zero.
            state = rng.get_state()
            a = patches(fake_band, per_picture, rng)
            rng.set_state(state)
            b = patches(real_band, per_picture, rng)
            unit = F.normalize(torch.randn(a.shape[1], directions, generator=rng), dim=0)
            levels.setdefault(str(fake_band.shape[-1]), []).append(1000 * sliced_wasserstein(a, b, unit))
    result = {level: mean_and_error(torch.stack(values)) for level, values in levels.items()}
    result["mean"] = mean_and_error(torch.stack([torch.stack(values) for values in levels.values()]).mean(dim=0))
    return result
