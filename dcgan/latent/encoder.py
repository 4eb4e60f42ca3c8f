"""The encoder: a small network that estimates a picture's latent in one forward pass, trained on G's own pictures.

It is the tutorial's D with nz outputs instead of one and without BatchNorm. Training needs no real pictures: z is
sampled, G draws it, and the encoder minimises the error in z and in G's reconstruction. `invert` starts from its
estimate.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcgan.checkpoint import fill, read_tensors, write_tensors
from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.folded import FoldedGenerator
from dcgan.models import Generator, init_he, widths

KIND = "encoder"
WIDTH = 32
# Weight of the reconstruction error against the error in z, parts of which do not show in the picture.
PICTURE_WEIGHT = 4.0


class Encoder(nn.Module):
    """Pictures [N, nc, S, S] in [-1, 1]  →  latents [N, nz]."""

    def __init__(self, config: ModelConfig, width: int = WIDTH) -> None:
        super().__init__()
        self.width = width
        c = [config.nc, *widths(config.image_size, width)[::-1]]
        layers: list[nn.Module] = []
        for c_in, c_out in itertools.pairwise(c):  # each halves the side, down to 4 × 4
            layers += [nn.Conv2d(c_in, c_out, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
        layers.append(nn.Conv2d(c[-1], config.nz, 4, 1, 0))
        self.main = nn.Sequential(*layers)
        self.apply(init_he)

    def forward(self, pictures: Tensor) -> Tensor:
        z: Tensor = self.main(pictures).flatten(1)
        return z


def make_encoder(config: ModelConfig, seed: int = 0, width: int = WIDTH) -> Encoder:
    """Return an untrained encoder; its weights depend on `seed` alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Encoder(config, width)


def train_encoder(
    G: Generator,
    steps: int = 1000,
    minutes: float = 10.0,
    batch: int = 32,
    lr: float = 1e-3,
    seed: int = 0,
    log: Callable[[str], None] = print,
) -> Encoder:
    """Train an encoder of G for `steps` steps or `minutes` minutes, whichever ends first; `log` gets progress lines.

    The learning rate decays to zero towards that end. The same seed and steps give the same weights if time suffices.
    """
    device = next(G.parameters()).device
    encoder = make_encoder(G.config, seed).to(device).train()
    rng = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(encoder.parameters(), lr=lr)
    started = time.monotonic()
    for step in range(1, steps + 1):
        progress = max(step / steps, (time.monotonic() - started) / (60 * minutes) if minutes else 0.0)
        if progress > 1:
            break
        optimiser.param_groups[0]["lr"] = lr * min(1.0, step / 50, 2 * (1 - progress) + 0.02)
        z = torch.randn(batch, G.config.nz, generator=rng).to(device)
        with torch.no_grad():
            pictures = G(z)
        estimate = encoder(_augmented(pictures, rng))
        latent, picture = F.mse_loss(estimate, z), F.mse_loss(G(estimate), pictures)
        optimiser.zero_grad(set_to_none=True)
        (latent + PICTURE_WEIGHT * picture).backward()
        optimiser.step()
        if step % 50 == 0 or step == steps:
            took = time.monotonic() - started
            log(f"step {step}: z off by {latent.item() ** 0.5:.2f}, RMSE {picture.item() ** 0.5:.3f}, {took:.0f} s")
    return encoder.eval().requires_grad_(False)


def save_encoder(path: Path, encoder: Encoder, fingerprint: str) -> None:
    """Store an encoder in float16; `fingerprint` (of FoldedGenerator) names the generator it was trained for."""
    tensors = {name: tensor.half() for name, tensor in encoder.state_dict().items()}
    write_tensors(path, tensors, KIND, {"width": encoder.width, "generator": fingerprint})


def load_encoder(path: Path, G: Generator) -> Encoder:
    """Load G's encoder in eval mode. Raises CheckpointError for another kind of file or another generator's encoder."""
    tensors, header = read_tensors(path, KIND)
    if header.get("generator") != FoldedGenerator(G).fingerprint():
        raise CheckpointError(
            f"{path} was trained for another generator; train it again with: python -m dcgan train-encoder."
        )
    width = header.get("width")
    if not isinstance(width, int) or not 1 <= width <= 512:
        raise CheckpointError(f"{path} is not an encoder's file; train it again with: python -m dcgan train-encoder.")
    encoder = make_encoder(G.config, width=width)
    fill(encoder, tensors, str(path))
    return encoder.eval().requires_grad_(False)


def _augmented(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Vary contrast and brightness and add noise: photographs vary more than G's pictures."""

    def uniform(low: float, high: float) -> Tensor:
        draw = torch.rand(len(pictures), 1, 1, 1, generator=rng) * (high - low) + low
        return draw.to(pictures)

    noise = torch.randn(pictures.shape, generator=rng).to(pictures)
    return pictures * uniform(0.9, 1.1) + uniform(-0.1, 0.1) + 0.05 * noise
