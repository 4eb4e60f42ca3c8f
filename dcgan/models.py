"""The two networks of the DCGAN paper (arXiv 1511.06434), layer for layer as in the PyTorch tutorial at 64 × 64.

Other sizes have one stride-2 block more or less, and the width at the 4 × 4 end doubles with each block. Weights have
the names of the tutorial and pytorch/examples (`main.0.weight` …), so their files load unchanged.
"""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from dcgan.config import ModelConfig


def widths(image_size: int, width: int) -> list[int]:
    """Return the channels from the 4 × 4 end to the picture: (64, 64) → [512, 256, 128, 64]."""
    blocks = int(math.log2(image_size)) - 2
    return [width * 2**i for i in reversed(range(blocks))]


class Generator(nn.Module):
    """Maps z [N, nz] or [N, nz, 1, 1], N(0, I), to pictures [N, nc, S, S] in [-1, 1]."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        c = widths(config.image_size, config.ngf)
        layers: list[nn.Module] = [
            # [nz, 1, 1] → [ngf·8, 4, 4]
            nn.ConvTranspose2d(config.nz, c[0], 4, 1, 0, bias=False),
            nn.BatchNorm2d(c[0]),
            nn.ReLU(inplace=True),
        ]
        for c_in, c_out in itertools.pairwise(c):
            # each block doubles the side: 4 → 8 → 16 → 32
            layers += [
                nn.ConvTranspose2d(c_in, c_out, 4, 2, 1, bias=False),
                nn.BatchNorm2d(c_out),
                nn.ReLU(inplace=True),
            ]
        # [ngf, S/2, S/2] → [nc, S, S]
        layers += [nn.ConvTranspose2d(c[-1], config.nc, 4, 2, 1, bias=config.bias), nn.Tanh()]
        self.main = nn.Sequential(*layers)
        self.apply(init_weights)

    def forward(self, z: Tensor) -> Tensor:
        pictures: Tensor = self.main(z.reshape(z.shape[0], -1, 1, 1))
        return pictures


class MinibatchStdDev(nn.Module):
    """Minibatch standard deviation (arXiv 1710.10196, section 3): lets D see the variety of a batch.

    Appends the mean standard deviation within each group as a channel: [N, C, H, W] → [N, C + 1, H, W]. A group is
    `size` consecutive pictures; if N is not a multiple of `size`, all N form one group.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        n, _, h, w = x.shape
        size = self.size if n % self.size == 0 else n
        groups = x.float().unflatten(0, (n // size, size))
        deviation = (groups.var(dim=1, unbiased=False) + 1e-8).sqrt().mean(dim=(1, 2, 3))
        channel = deviation.repeat_interleave(size).to(x.dtype).view(n, 1, 1, 1).expand(n, 1, h, w)
        return torch.cat([x, channel], dim=1)


class Discriminator(nn.Module):
    """Maps pictures [N, nc, S, S] in [-1, 1] to logits [N]; sigmoid(logit) is the tutorial's D(x).

    With `d_norm` "batch" this is the tutorial's network without its final Sigmoid. With "none" or "spectral" the
    convolutions have a bias and He initialisation, because no BatchNorm follows them.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        batch_norm = config.d_norm == "batch"
        c = widths(config.image_size, config.ndf)[::-1]
        # [nc, S, S] → [ndf, S/2, S/2]
        layers: list[nn.Module] = [
            nn.Conv2d(config.nc, c[0], 4, 2, 1, bias=config.bias or not batch_norm),
            nn.LeakyReLU(0.2, inplace=True),
        ]
        for c_in, c_out in itertools.pairwise(c):
            layers += [
                nn.Conv2d(c_in, c_out, 4, 2, 1, bias=not batch_norm),
                # Identity keeps the numbering, so that the names of weights do not depend on d_norm
                nn.BatchNorm2d(c_out) if batch_norm else nn.Identity(),
                nn.LeakyReLU(0.2, inplace=True),
            ]
        if config.mbstd:
            layers.append(MinibatchStdDev(config.mbstd))
        # [ndf·8, 4, 4] → [1, 1, 1]
        layers.append(nn.Conv2d(c[-1] + (config.mbstd > 0), 1, 4, 1, 0, bias=config.bias or not batch_norm))
        self.main = nn.Sequential(*layers)
        self.apply(init_weights if batch_norm else init_he)
        if config.d_norm == "spectral":
            for layer in self.main:
                if isinstance(layer, nn.Conv2d):
                    spectral_norm(layer)

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.main(pictures)
        return logits.flatten()


def init_weights(module: nn.Module) -> None:
    """Initialise as in the paper, section 4: convolutions N(0, 0.02); BatchNorm weight N(1, 0.02), bias 0."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def init_he(module: nn.Module) -> None:
    """Initialise by He et al. (arXiv 1502.01852) for LeakyReLU 0.2: keeps the variance without normalisation."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, a=0.2, nonlinearity="leaky_relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def make_networks(config: ModelConfig, seed: int) -> tuple[Generator, Discriminator]:
    """Return new G and D. Their weights depend on `seed` alone; torch's global generator is not changed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Generator(config), Discriminator(config)
