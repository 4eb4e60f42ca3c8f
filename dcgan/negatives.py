"""Pictures that D should know to be wrong: real ones, spoiled (negative data augmentation, arXiv 2102.05113).

Each patch of them is as real as can be; what is wrong is how the patches stand to each other. A D that is shown only
G's fakes judges them by their texture, so a face with an eye and a half passes; to tell these from real pictures it has
to look at the whole. G never learns to draw them, because they are on its side of the game.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

MIXED_GRID = 4  # knots along a side of the mask that mixes two pictures: pieces of the size of an eye or a mouth
BENT_GRID = 5  # and of the field that bends one
BEND = 0.09  # the field's spread, as a share of half the picture's side: some three pixels of 64


def negatives(reals: Tensor, rng: torch.Generator) -> Tensor:
    """Reals [N, nc, S, S] in [-1, 1], N ≥ 2 → as many spoiled ones: the first half mixed with others, the rest bent."""
    half = len(reals) // 2
    others = reals[_other(half, len(reals), rng).to(reals.device)]
    return torch.cat([mixed(reals[:half], others, rng), bent(reals[half:], rng)])


def mixed(pictures: Tensor, others: Tensor, rng: torch.Generator) -> Tensor:
    """Parts of each picture replaced by the same parts of another, whose light is matched; all [N, nc, S, S].

    The border is soft. It is a blob's outline, or, for every other picture on average, a line across.
    """
    n, _, side, _ = pictures.shape
    blobs = _field(n, MIXED_GRID, 1, pictures, rng)
    blobs = (blobs - blobs.flatten(1).median(dim=1).values.view(n, 1, 1, 1)) * 6
    angle = (torch.rand(n, generator=rng) * 2 * torch.pi).view(n, 1, 1).to(pictures)
    offset = (torch.rand(n, generator=rng) * 0.6 - 0.3).view(n, 1, 1).to(pictures)
    ticks = torch.linspace(-1, 1, side).to(pictures)
    y, x = torch.meshgrid(ticks, ticks, indexing="ij")
    lines = (x * angle.cos() + y * angle.sin() - offset)[:, None] * 12
    is_blob = (torch.rand((n, 1, 1, 1), generator=rng) < 0.5).to(pictures.device)
    mask = torch.where(is_blob, blobs, lines).sigmoid()
    mean, deviation = _light(pictures)
    other_mean, other_deviation = _light(others)
    matched = (others - other_mean) / other_deviation * deviation + mean
    return pictures * mask + matched.clamp(-1, 1) * (1 - mask)


def bent(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Each picture [N, nc, S, S] drawn on a sheet that is pulled and pushed in a few places."""
    n, _, side, _ = pictures.shape
    strength = (torch.rand((n, 1, 1, 1), generator=rng) + 0.5).to(pictures)
    shift = (_field(n, BENT_GRID, 2, pictures, rng) * strength * BEND).permute(0, 2, 3, 1)
    still = F.affine_grid(torch.eye(2, 3).to(pictures).expand(n, 2, 3), [n, 1, side, side], align_corners=False)
    return F.grid_sample(pictures, still + shift, padding_mode="reflection", align_corners=False)


def _other(count: int, of: int, rng: torch.Generator) -> Tensor:
    """For each of the first `count` pictures the number of another one."""
    return (torch.arange(count) + torch.randint(1, of, (count,), generator=rng)) % of


def _field(n: int, knots: int, channels: int, like: Tensor, rng: torch.Generator) -> Tensor:
    """Smooth noise [n, channels, S, S] for pictures [·, ·, S, S], standard normal at its `knots` × `knots` knots."""
    noise = torch.randn((n, channels, knots, knots), generator=rng).to(like)
    return F.interpolate(noise, like.shape[-2:], mode="bicubic", align_corners=True)


def _light(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Each picture's mean and standard deviation [N, 1, 1, 1], the latter never quite 0."""
    deviation, mean = torch.std_mean(pictures, dim=(1, 2, 3), keepdim=True)
    return mean, deviation.clamp_min(1e-3)
