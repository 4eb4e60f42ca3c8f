"""Widening networks that can already do something: Net2WiderNet (arXiv 1511.05641, section 3.1) for DCGANs.

Each channel is copied; what the next layer took from one channel it takes from its copies, in random shares that add
up to the old weight. The wide network draws (or judges) exactly as the narrow one did, and since the shares differ, so
do the copies' gradients: they part from the first step on.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn

from dcgan.models import Discriminator, Generator

Network = TypeVar("Network", Generator, Discriminator)


@torch.no_grad()
def widen_into(narrow: Network, wide: Network, seed: int = 0) -> None:
    """Fills `wide` so that it computes what `narrow` computes: the same weights where the widths are the same.

    Its widths must be whole multiples of `narrow`'s; raises ValueError when a layer's are not.
    """
    if narrow.config == wide.config:
        wide.load_state_dict(narrow.state_dict())
        return
    rng = torch.Generator().manual_seed(seed)
    layers = list(zip(narrow.main.children(), wide.main.children(), strict=True))
    for old, new in layers:
        if isinstance(old, nn.ConvTranspose2d) and isinstance(new, nn.ConvTranspose2d):
            new.weight.copy_(_copied(_shared(old.weight, new.weight.shape[0], 0, rng), new.weight.shape[1], 1))
        elif isinstance(old, nn.Conv2d) and isinstance(new, nn.Conv2d):
            new.weight.copy_(_copied(_shared(old.weight, new.weight.shape[1], 1, rng), new.weight.shape[0], 0))
            if old.bias is not None and new.bias is not None:
                new.bias.copy_(_copied(old.bias, len(new.bias), 0))
        elif isinstance(old, nn.BatchNorm2d) and isinstance(new, nn.BatchNorm2d):
            for name, values in new.state_dict().items():
                theirs = old.state_dict()[name]
                values.copy_(_copied(theirs, len(values), 0) if theirs.ndim else theirs)


def _times(old: int, new: int) -> int:
    if new % old:
        raise ValueError(f"{new} channels are no whole multiple of {old}")
    return new // old


def _copied(weights: Tensor, channels: int, dim: int) -> Tensor:
    """Each channel along `dim` as often as it takes to make `channels`: abc → abcabc."""
    repeats = [1] * weights.ndim
    repeats[dim] = _times(weights.shape[dim], channels)
    return weights.repeat(repeats)


def _shared(weights: Tensor, channels: int, dim: int, rng: torch.Generator) -> Tensor:
    """`_copied`, each copy times a random share of 0.5 to 1.5 parts; a weight's shares add up to 1."""
    times = _times(weights.shape[dim], channels)
    parts = torch.rand((times, *weights.shape), generator=rng) + 0.5
    return torch.cat(list(weights * parts / parts.sum(0)), dim)
