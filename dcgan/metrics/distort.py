"""Damage to real pictures, of known kind and growing strength: what the metrics are checked against.

Every function takes and returns uint8 [N, nc, S, S]; strength 0 changes nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from dcgan.images import to_float, to_uint8
from dcgan.metrics.filters import apply_filter, bell, filter_matrix


def blur(pictures: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of `sigma` pixels."""
    if sigma <= 0:
        return pictures
    radius = max(1, round(3 * sigma))
    window = filter_matrix(bell(sigma, 2 * radius + 1), pictures.shape[-1], "replicate")
    return to_uint8(apply_filter(to_float(pictures), window))


def noise(pictures: Tensor, sigma: float, seed: int = 0) -> Tensor:
    """Independent Gaussian noise of `sigma` gray levels on each pixel."""
    rng = torch.Generator().manual_seed(seed)
    return to_uint8(to_float(pictures) + torch.randn(pictures.shape, generator=rng) * (sigma / 127.5))


def swirl(pictures: Tensor, turn: float) -> Tensor:
    """Turns the centre by `turn` radians, the rim not at all."""
    n, _, h, w = pictures.shape
    y, x = torch.meshgrid(torch.linspace(-1, 1, h), torch.linspace(-1, 1, w), indexing="ij")
    angle = turn * (1 - (x**2 + y**2).sqrt()).clamp(min=0)
    grid = torch.stack([x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos()], dim=-1)
    grid = grid.expand(n, -1, -1, -1)
    return to_uint8(F.grid_sample(to_float(pictures), grid, padding_mode="border", align_corners=True))


def drop_modes(pictures: Tensor, share: float, seed: int = 0) -> Tensor:
    """Keeps the `share` of the pictures that are most like one of them (as 8 × 8 thumbnails), again and again.

    As many pictures come back as went in; a share of 0 keeps a single picture.
    """
    if share >= 1:
        return pictures
    rng = torch.Generator().manual_seed(seed)
    small = F.adaptive_avg_pool2d(to_float(pictures), 8).flatten(1)
    centre = small[torch.randint(len(small), (1,), generator=rng)]
    kept = (small - centre).square().sum(dim=1).argsort()[: max(1, round(share * len(pictures)))]
    return pictures[kept[torch.randint(len(kept), (len(pictures),), generator=rng)]]


def copy_in(pictures: Tensor, train: Tensor, share: float, seed: int = 0) -> Tensor:
    """Replaces the first `share` of the pictures with slightly noisy copies of random training pictures."""
    count = min(round(share * len(pictures)), len(pictures))
    rng = torch.Generator().manual_seed(seed)
    copies = train[torch.randint(len(train), (count,), generator=rng)]
    return torch.cat([noise(copies, 3.0, seed), pictures[count:]])
