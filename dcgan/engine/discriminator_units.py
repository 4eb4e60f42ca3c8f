"""What D computes of one picture: the activations of its layers, and its logit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dcgan.models import Discriminator


@dataclass(frozen=True)
class DiscriminatorLayer:
    """The channels of one layer that vary most over the picture, the most varied first.

    side: height and width of the activations. channels: number of them in the layer. units [n]: their numbers.
    maps [n, side, side]: activations; negative ones, which LeakyReLU keeps at a fifth, count as 0.
    """

    side: int
    channels: int
    units: tuple[int, ...]
    maps: Tensor


@dataclass(frozen=True)
class DiscriminatorInspection:
    """D's layers for a picture, from the widest to 4 × 4, and its logit."""

    layers: tuple[DiscriminatorLayer, ...]
    logit: float

    @property
    def probability(self) -> float:
        """D(x) = sigmoid(logit), 0 … 1."""
        return 0.5 * (1 + math.tanh(self.logit / 2))


@torch.no_grad()
def inspect_discriminator(D: Discriminator, picture: Tensor, count: int) -> DiscriminatorInspection:
    """Return the `count` most varied channels after each LeakyReLU, for a picture [nc, S, S] in [-1, 1]."""
    x, layers = picture[None], []
    for layer in D.main:
        x = layer(x)
        if isinstance(layer, nn.LeakyReLU):
            layers.append(_most_varied(x[0].clamp_min(0).float().cpu(), count))
    return DiscriminatorInspection(tuple(layers), float(x.flatten()[0]))


def _most_varied(activations: Tensor, count: int) -> DiscriminatorLayer:
    """Choose channels of activations [C, s, s]."""
    channels, side, _ = activations.shape
    units = activations.flatten(1).std(dim=1).topk(min(count, channels)).indices
    return DiscriminatorLayer(side, channels, tuple(units.tolist()), activations[units])
