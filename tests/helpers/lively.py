"""A generator for tests in which every BatchNorm counts."""

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
