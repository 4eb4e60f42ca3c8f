"""Differentiable augmentation (DiffAugment, arXiv 2006.10738), written from the paper, and the mirror flip.

Reals and fakes are augmented in the same way before D, so the augmentation does not leak into G's pictures. All
randomness comes from the given generator. Pictures are float [N, nc, H, W] in [-1, 1].
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


def mirror(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Flip each picture horizontally with probability ½. Any dtype; for real pictures only."""
    flip = torch.rand(len(pictures), generator=rng) < 0.5
    return torch.where(flip.to(pictures.device)[:, None, None, None], pictures.flip(3), pictures)


def augment(pictures: Tensor, names: Sequence[str], rng: torch.Generator) -> Tensor:
    """Apply the named augmentations ("color", "translation", "cutout") in the order given."""
    for name in names:
        pictures = _AUGMENTATIONS[name](pictures, rng)
    return pictures


def _uniform(shape: tuple[int, ...], rng: torch.Generator, like: Tensor) -> Tensor:
    return torch.rand(shape, generator=rng).to(like.device, like.dtype)


def color(x: Tensor, rng: torch.Generator) -> Tensor:
    """Brightness ± ½, saturation × 0 … 2, contrast × ½ … 1½ (appendix of the paper)."""
    n = len(x)
    x = x + (_uniform((n, 1, 1, 1), rng, x) - 0.5)
    if x.shape[1] == 3:
        gray = x.mean(dim=1, keepdim=True)
        x = gray + (x - gray) * (_uniform((n, 1, 1, 1), rng, x) * 2)
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return mean + (x - mean) * (_uniform((n, 1, 1, 1), rng, x) + 0.5)


def translation(x: Tensor, rng: torch.Generator, ratio: float = 0.125) -> Tensor:
    """Shift each picture by up to `ratio` of its side in each direction; the border is filled with 0 (mid-gray)."""
    n, _, h, w = x.shape
    reach_y, reach_x = int(h * ratio + 0.5), int(w * ratio + 0.5)
    dy = torch.randint(0, 2 * reach_y + 1, (n,), generator=rng).to(x.device)
    dx = torch.randint(0, 2 * reach_x + 1, (n,), generator=rng).to(x.device)
    padded = F.pad(x, (reach_x, reach_x, reach_y, reach_y)).permute(0, 2, 3, 1)
    rows = (torch.arange(h, device=x.device)[None] + dy[:, None])[:, :, None]
    columns = (torch.arange(w, device=x.device)[None] + dx[:, None])[:, None, :]
    which = torch.arange(n, device=x.device)[:, None, None]
    return padded[which, rows, columns].permute(0, 3, 1, 2)


def cutout(x: Tensor, rng: torch.Generator, ratio: float = 0.5) -> Tensor:
    """Set a square of `ratio` of the side to 0 at a random place, which may lie partly outside."""
    n, _, h, w = x.shape
    cut_h, cut_w = int(h * ratio + 0.5), int(w * ratio + 0.5)
    cy = torch.randint(0, h + (1 - cut_h % 2), (n, 1), generator=rng).to(x.device)
    cx = torch.randint(0, w + (1 - cut_w % 2), (n, 1), generator=rng).to(x.device)
    inside_y = (torch.arange(h, device=x.device)[None] - cy + cut_h // 2).div(cut_h, rounding_mode="floor") == 0
    inside_x = (torch.arange(w, device=x.device)[None] - cx + cut_w // 2).div(cut_w, rounding_mode="floor") == 0
    hole = inside_y[:, None, :, None] & inside_x[:, None, None, :]
    return x.masked_fill(hole, 0.0)


_AUGMENTATIONS = {"color": color, "translation": translation, "cutout": cutout}
