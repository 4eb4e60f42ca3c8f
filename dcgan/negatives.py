"""Negative data augmentation (arXiv 2102.05113): corrupted reals that D learns to reject as extra fakes.

Every patch of them is real, but the patches do not fit together, so D must look at the whole picture. Without them, D
can tell reals from fakes by texture alone, and faces whose halves do not match pass. No gradient of them reaches G.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

MIX_KNOTS = 4  # per side, of the mask that mixes two pictures: parts have the size of an eye or a mouth
WARP_KNOTS = 5  # per side, of the displacement field that warps a picture
WARP_STRENGTH = 0.09  # standard deviation, as a share of half the side: about three pixels of 64


def corrupt(reals: Tensor, rng: torch.Generator) -> Tensor:
    """Corrupt reals [N, nc, S, S] in [-1, 1], N ≥ 2: mix the first half with other reals, warp the rest."""
    half = len(reals) // 2
    others = reals[_other(half, len(reals), rng).to(reals.device)]
    return torch.cat([mix_parts(reals[:half], others, rng), warp(reals[half:], rng)])


def mix_parts(pictures: Tensor, others: Tensor, rng: torch.Generator) -> Tensor:
    """Replace parts of each picture by those of another one, with matched mean and contrast; all [N, nc, S, S].

    The border is soft: an irregular outline or, with probability ½, a straight line.
    """
    n, _, side, _ = pictures.shape
    blobs = _field(n, MIX_KNOTS, 1, pictures, rng)
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


def warp(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Displace the pixels of each picture [N, nc, S, S] by a smooth random field."""
    n, _, side, _ = pictures.shape
    strength = (torch.rand((n, 1, 1, 1), generator=rng) + 0.5).to(pictures)
    shift = (_field(n, WARP_KNOTS, 2, pictures, rng) * strength * WARP_STRENGTH).permute(0, 2, 3, 1)
    still = F.affine_grid(torch.eye(2, 3).to(pictures).expand(n, 2, 3), [n, 1, side, side], align_corners=False)
    return F.grid_sample(pictures, still + shift, padding_mode="reflection", align_corners=False)


def _other(count: int, of: int, rng: torch.Generator) -> Tensor:
    """Return for each of the first `count` of `of` pictures the index of another one."""
    return (torch.arange(count) + torch.randint(1, of, (count,), generator=rng)) % of


def _field(n: int, knots: int, channels: int, like: Tensor, rng: torch.Generator) -> Tensor:
    """Return smooth noise [n, channels, S, S]: N(0, 1) at knots × knots points, interpolated bicubically."""
    noise = torch.randn((n, channels, knots, knots), generator=rng).to(like)
    return F.interpolate(noise, like.shape[-2:], mode="bicubic", align_corners=True)


def _light(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Return each picture's mean and standard deviation [N, 1, 1, 1], the latter at least 1e-3."""
    deviation, mean = torch.std_mean(pictures, dim=(1, 2, 3), keepdim=True)
    return mean, deviation.clamp_min(1e-3)
