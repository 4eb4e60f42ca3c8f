"""The tables of layers agree with the networks that PyTorch builds."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import nn

from dcgan.config import D_NORMS, ModelConfig
from dcgan.models import Discriminator, Generator
from dcgan.web.learn.layer_table import LayerRow, discriminator_rows, generator_rows

CONFIGS = [
    ModelConfig(image_size=size, nc=nc, nz=10, ngf=4, ndf=6, d_norm=d_norm, mbstd=mbstd, bias=bias)
    for (size, nc), d_norm, mbstd, bias in itertools.product(
        [(32, 1), (64, 3), (128, 3)], D_NORMS, (0, 4), (False, True)
    )
]


def shapes(network, x):
    """The shapes [C, H, W] of what each layer but Identity returns for x."""
    seen = []
    with torch.no_grad():
        for layer in network.eval().main:
            x = layer(x)
            if not isinstance(layer, nn.Identity):
                seen.append(tuple(x.shape[1:]))
    return seen


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_totals_and_shapes_are_those_of_the_networks(config):
    """Parameters add up to the network's own count, and each output has the shape that a real pass gives."""
    G, D = Generator(config), Discriminator(config)
    picture = torch.zeros(1, config.nc, config.image_size, config.image_size)
    for rows, network, x in (
        (generator_rows(config), G, torch.zeros(1, config.nz, 1, 1)),
        (discriminator_rows(config), D, picture),
    ):
        assert sum(row.parameters for row in rows) == sum(p.numel() for p in network.parameters())
        assert [row.output for row in rows] == shapes(network, x)


def test_the_tutorials_networks():
    """At 64 pixels and the tutorial's widths: its layers, and the parameter counts that PyTorch reports for them."""
    G, D = generator_rows(ModelConfig()), discriminator_rows(ModelConfig())
    assert sum(row.parameters for row in G) == 3_576_704
    assert sum(row.parameters for row in D) == 2_765_568
    assert G[:3] == [
        LayerRow("ConvTranspose2d", 4, 1, 0, (512, 4, 4), 819_200),
        LayerRow("BatchNorm2d", None, None, None, (512, 4, 4), 1_024),
        LayerRow("ReLU", None, None, None, (512, 4, 4), 0),
    ]
    assert G[-1] == LayerRow("Tanh", None, None, None, (3, 64, 64), 0)
    assert D[0] == LayerRow("Conv2d", 4, 2, 1, (64, 32, 32), 3_072)
    assert D[-1] == LayerRow("Conv2d", 4, 1, 0, (1, 1, 1), 8_192)
    assert len(G) == 14 and len(D) == 12
