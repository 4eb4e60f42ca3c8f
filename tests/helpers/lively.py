"""Generators for tests: one in which every BatchNorm counts, and untrained ones whose pictures differ."""

from __future__ import annotations

import torch
from torch import nn

from dcgan.config import ModelConfig
from dcgan.models import make_networks


def lively_G(config: ModelConfig):
    """A generator whose BatchNorms have uneven weights and statistics."""
    G, _ = make_networks(config, 0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for module in G.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.data.uniform_(0.5, 1.5)
                module.bias.data.normal_(0, 0.3)
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.01, 0.1)
        G.main[-2].weight.data.mul_(10)
    return G.eval().requires_grad_(False)


def add_contrast(G, seed):
    """Give an untrained generator weights whose pictures have contrast, so that a change of z is a change of pixels."""
    generator = torch.Generator().manual_seed(seed)
    for layer in G.main:
        if isinstance(layer, nn.ConvTranspose2d):
            layer.weight.data.normal_(0.0, (2.0 / layer.in_channels) ** 0.5 / 2, generator=generator)
    G.main[0].weight.data.mul_(2)
