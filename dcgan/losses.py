"""The game's objectives, as pure functions of D's logits [N]. Each returns a scalar to minimise.

bce           Goodfellow et al. 2014 with the non-saturating G loss, as in the tutorial; at equilibrium D's is ln 4
hinge         arXiv 1705.02894, 1802.05957
relativistic  pairing loss, arXiv 1807.00734, as R3GAN (arXiv 2501.05441) uses it
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dcgan.errors import ConfigError


def d_loss(kind: str, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """What D minimises: real logits high, fake ones low."""
    if kind == "bce":
        # −log σ(x) = softplus(−x) and −log(1 − σ(x)) = softplus(x): the tutorial's BCE without its Sigmoid's overflow
        return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    if kind == "hinge":
        return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()
    if kind == "relativistic":
        return F.softplus(fake_logits - real_logits).mean()
    raise ConfigError(f"There is no loss {kind!r}.")


def g_loss(kind: str, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """What G minimises: fake logits high. Only the relativistic loss looks at `real_logits` too."""
    if kind == "bce":
        return F.softplus(-fake_logits).mean()
    if kind == "hinge":
        return -fake_logits.mean()
    if kind == "relativistic":
        assert real_logits is not None, "the relativistic loss compares fakes with reals"
        return F.softplus(real_logits - fake_logits).mean()
    raise ConfigError(f"There is no loss {kind!r}.")


def r1_penalty(D: nn.Module, reals: Tensor) -> Tensor:
    """½ E‖∇ₓ D(x)‖² on real pictures [N, nc, H, W] (Mescheder et al., arXiv 1801.04406, eq. 9, without its γ)."""
    reals = reals.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(D(reals).sum(), reals, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean() / 2
