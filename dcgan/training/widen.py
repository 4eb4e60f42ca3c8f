"""Widen trained networks: Net2WiderNet (arXiv 1511.05641, section 3.1) for DCGANs.

Each channel is copied. The next layer's weight of a channel is split over the copies in random shares that add up to
it, so the wide network computes what the narrow one did. Since the shares differ, so do the gradients, and the copies
diverge.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn

from dcgan.models import Discriminator, Generator

Network = TypeVar("Network", Generator, Discriminator)


@torch.no_grad()
def widen_into(narrow: Network, wide: Network, seed: int = 0) -> None:
    """Give `wide` weights with which it computes what `narrow` computes.

    Widths of `wide` must be multiples of those of `narrow`; raises ValueError otherwise. Where only `wide` has a bias,
    the bias becomes zero.
    """
    if narrow.config == wide.config:
        wide.load_state_dict(narrow.state_dict())
        return
    rng = torch.Generator().manual_seed(seed)
    layers = list(zip(narrow.main.children(), wide.main.children(), strict=True))
    for old, new in layers:
        if isinstance(old, nn.ConvTranspose2d) and isinstance(new, nn.ConvTranspose2d):
            new.weight.copy_(_copied(_shared(old.weight, new.weight.shape[0], 0, rng), new.weight.shape[1], 1))
            _copy_bias(old, new)
        elif isinstance(old, nn.Conv2d) and isinstance(new, nn.Conv2d):
            new.weight.copy_(_copied(_shared(old.weight, new.weight.shape[1], 1, rng), new.weight.shape[0], 0))
            _copy_bias(old, new)
        elif isinstance(old, nn.BatchNorm2d) and isinstance(new, nn.BatchNorm2d):
            for name, values in new.state_dict().items():
                theirs = old.state_dict()[name]
                values.copy_(_copied(theirs, len(values), 0) if theirs.ndim else theirs)


def _copy_bias(old: nn.Conv2d | nn.ConvTranspose2d, new: nn.Conv2d | nn.ConvTranspose2d) -> None:
    if new.bias is not None:
        new.bias.copy_(torch.zeros_like(new.bias) if old.bias is None else _copied(old.bias, len(new.bias), 0))


def _times(old: int, new: int) -> int:
    if new % old:
        raise ValueError(f"{new} channels are no whole multiple of {old}")
    return new // old


def _copied(weights: Tensor, channels: int, dim: int) -> Tensor:
    """Repeat the channels along `dim` up to `channels`: abc → abcabc."""
    repeats = [1] * weights.ndim
    repeats[dim] = _times(weights.shape[dim], channels)
    return weights.repeat(repeats)


def _shared(weights: Tensor, channels: int, dim: int, rng: torch.Generator) -> Tensor:
    """Repeat the channels as `_copied` does and multiply each copy by a random share; shares sum to 1."""
    times = _times(weights.shape[dim], channels)
    parts = torch.rand((times, *weights.shape), generator=rng) + 0.5
    return torch.cat(list(weights * parts / parts.sum(0)), dim)
