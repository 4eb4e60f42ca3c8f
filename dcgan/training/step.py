"""One training step: D on a batch of reals and a batch of fakes, then G. It never waits for the device.

With the preset "tutorial" this is the tutorial's step; other settings add penalties, augmentation, corrupted reals or
another loss. It is faster because of logits instead of a Sigmoid, channels_last memory, fused
Adam, no gradients for D's weights in G's step, and bfloat16 where `precision.py` measured that it is faster.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dcgan.augment import augment, mirror
from dcgan.config import TrainConfig
from dcgan.images import to_float
from dcgan.losses import d_loss, g_loss, gradient_penalty, probabilities
from dcgan.models import Discriminator, Generator, make_networks
from dcgan.negatives import corrupt
from dcgan.training.ema import make_ema, update_ema

# The numbers that a step returns, in this order, as a tensor [5] on the device.
STATS = ("D_loss", "G_loss", "D_x", "D_G_z1", "D_G_z2")


@dataclass
class TrainState:
    """Both networks, the EMA of G, both optimisers, and the number of real pictures D has seen (nimg)."""

    G: Generator
    D: Discriminator
    G_ema: Generator
    opt_G: torch.optim.Adam
    opt_D: torch.optim.Adam
    nimg: int = 0


def make_state(config: TrainConfig, device: torch.device) -> TrainState:
    """Construct networks and optimisers on the device. The initial weights depend on config.seed alone."""
    G, D = make_networks(config.model, config.seed)
    G = G.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    D = D.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    betas = (config.beta1, config.beta2)
    opt_G = torch.optim.Adam(G.parameters(), lr=config.lr_g, betas=betas, fused=True)
    opt_D = torch.optim.Adam(D.parameters(), lr=config.lr_d, betas=betas, fused=True)
    return TrainState(G, D, make_ema(G), opt_G, opt_D)


def train_step(state: TrainState, reals_u8: Tensor, config: TrainConfig, rng: torch.Generator, bf16: bool) -> Tensor:
    """Train D, then G, on one batch.

    `reals_u8`: uint8 [N, nc, S, S], on any device. `rng`: a CPU generator, the only source of randomness.
    Returns the five STATS as a tensor on the device (no synchronisation).
    """
    G, D = state.G, state.D
    device = next(G.parameters()).device
    names = config.augment_names
    n = len(reals_u8)
    step = state.nimg // config.batch

    reals = to_float(reals_u8.to(device, non_blocking=True)).contiguous(memory_format=torch.channels_last)
    if config.xflip:
        reals = mirror(reals, rng)
    z = torch.randn(n, config.model.nz, 1, 1, generator=rng).to(device, non_blocking=True)

    # D: maximise log D(x) + log(1 − D(G(z)))
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        fakes = G(z)
        seen_reals, seen_fakes = augment(reals, names, rng), augment(fakes.detach(), names, rng)
        corrupted = [augment(corrupt(reals, rng), names, rng)] if config.negatives > 0 else []
        real_logits, fake_logits, *corrupted_logits = forward_D(D, seen_reals, seen_fakes, *corrupted)
    loss_D = d_loss(config.loss, real_logits.float(), fake_logits.float())
    for logits in corrupted_logits:
        # Corrupted reals count as extra fakes; no gradient reaches G.
        loss_D = loss_D + config.negatives * d_loss(config.loss, real_logits.float(), logits.float())
    state.opt_D.zero_grad(set_to_none=True)
    loss_D.backward()
    for gamma, seen in ((config.r1_gamma, seen_reals), (config.r2_gamma, seen_fakes)):
        if gamma > 0 and step % config.r1_every == 0:
            # Lazy regularisation (arXiv 1912.04958, section 4): every r1_every-th step, r1_every times as strong.
            (gradient_penalty(D, seen.detach().float()) * (gamma * config.r1_every)).backward()
    state.opt_D.step()

    # G: maximise log D(G(z)), through the D that was just updated
    with frozen(D):
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            logits = D(augment(fakes, names, rng))
            real_logits_G = D(seen_reals) if config.loss == "relativistic" else None
        loss_G = g_loss(config.loss, logits.float(), None if real_logits_G is None else real_logits_G.float())
        state.opt_G.zero_grad(set_to_none=True)
        loss_G.backward()
    state.opt_G.step()

    state.nimg += n
    update_ema(state.G_ema, G, n, state.nimg, config.ema_kimg * 1000, config.ema_rampup)
    real, fake, after = (logit.detach().float() for logit in (real_logits, fake_logits, logits))
    mean_answers = [probabilities(config.loss, a, b) for a, b in ((real, fake), (fake, real), (after, real))]
    return torch.stack([loss_D.detach(), loss_G.detach(), *mean_answers])


def forward_D(D: Discriminator, *batches: Tensor) -> tuple[Tensor, ...]:
    """Compute D's logits of each batch.

    With BatchNorm, each batch passes separately, as in the tutorial, because its statistics would mix reals and fakes.
    Without it, one pass over all batches gives the same logits and is faster.
    """
    sizes = [len(batch) for batch in batches]
    if D.config.d_norm == "batch" or (D.config.mbstd and any(size % D.config.mbstd for size in sizes)):
        return tuple(D(batch) for batch in batches)
    logits: tuple[Tensor, ...] = D(torch.cat([batch.to(batches[0].dtype) for batch in batches])).split(sizes)
    return logits


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Disable gradients of the network's weights during the block. Gradients still flow through it."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)
