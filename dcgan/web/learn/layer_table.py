"""The layers of G and D as a table: kernel, stride, padding, output shape and number of parameters of each.

All of it is read from the modules of `dcgan.models`. They are built on PyTorch's device "meta", whose tensors have
shapes but no values, so that it takes milliseconds and no memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dcgan.config import ModelConfig
from dcgan.models import Discriminator, Generator


@dataclass(frozen=True)
class LayerRow:
    """One module of a network. kernel, stride and padding are None for modules that are no convolutions.

    output: shape [C, H, W] of what it returns for one picture or latent.
    """

    name: str
    kernel: int | None
    stride: int | None
    padding: int | None
    output: tuple[int, ...]
    parameters: int


def generator_rows(config: ModelConfig) -> list[LayerRow]:
    """Return the layers of G, from z to the picture."""
    with torch.device("meta"):
        return _rows(Generator(config), torch.empty(1, config.nz, 1, 1))


def discriminator_rows(config: ModelConfig) -> list[LayerRow]:
    """Return the layers of D, from the picture to the logit."""
    with torch.device("meta"):
        return _rows(Discriminator(config), torch.empty(1, config.nc, config.image_size, config.image_size))


@torch.no_grad()
def _rows(network: Generator | Discriminator, x: Tensor) -> list[LayerRow]:
    """Pass x [1, C, H, W] through the layers one after the other."""
    rows = []
    for layer in network.eval().main:
        x = layer(x)
        if not isinstance(layer, nn.Identity):
            rows.append(_row(layer, tuple(x.shape[1:])))
    return rows


def _row(layer: nn.Module, output: tuple[int, ...]) -> LayerRow:
    parameters = sum(parameter.numel() for parameter in layer.parameters())
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        (kernel, _), (stride, _) = layer.kernel_size, layer.stride
        padding = int(layer.padding[0])
        kind = "ConvTranspose2d" if isinstance(layer, nn.ConvTranspose2d) else "Conv2d"
        return LayerRow(kind, kernel, stride, padding, output, parameters)
    return LayerRow(type(layer).__name__, None, None, None, output, parameters)
