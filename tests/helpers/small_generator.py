"""A small generator for tests of what is found in its latent space."""

from __future__ import annotations

import torch
from torch import nn

from dcgan.config import ModelConfig
from dcgan.models import make_networks


def random_G(seed: int = 0, nz: int = 12):
    """A small generator whose BatchNorms have seen something, so that their folding matters."""
    G, _ = make_networks(ModelConfig(image_size=32, nz=nz, ngf=8, ndf=8), seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for module in G.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.data.uniform_(0.5, 1.5)
                module.bias.data.normal_(0, 0.3)
        for _ in range(20):
            G(torch.randn(32, nz))
    return G.eval().requires_grad_(False)
