"""Loss functions of D's logits [N]. Each returns a scalar to minimise.

bce           Goodfellow et al. 2014 with the non-saturating G loss, as in the tutorial; D's loss is ln 4 at equilibrium
hinge         arXiv 1705.02894, 1802.05957
relativistic  pairing loss, arXiv 1807.00734, as R3GAN (arXiv 2501.05441) uses it: only differences of logits have
              a meaning, so probabilities() subtracts the mean logit of the other side
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dcgan.errors import ConfigError

# Both losses when D cannot tell real from fake.
D_LOSS_AT_EQUILIBRIUM = {"bce": math.log(4), "hinge": 2.0, "relativistic": math.log(2)}
G_LOSS_AT_EQUILIBRIUM = {"bce": math.log(2), "hinge": 0.0, "relativistic": math.log(2)}


def d_loss(kind: str, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Return D's loss, which decreases as real logits rise and fake logits fall."""
    if kind == "bce":
        # −log σ(x) = softplus(−x) and −log(1 − σ(x)) = softplus(x): the tutorial's BCE, numerically stable
        return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    if kind == "hinge":
        return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()
    if kind == "relativistic":
        return F.softplus(fake_logits - real_logits).mean()
    raise ConfigError(f"There is no loss {kind!r}.")


def g_loss(kind: str, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """Return G's loss, which decreases as fake logits rise. Only the relativistic loss uses `real_logits`."""
    if kind == "bce":
        return F.softplus(-fake_logits).mean()
    if kind == "hinge":
        return -fake_logits.mean()
    if kind == "relativistic":
        assert real_logits is not None, "the relativistic loss compares fakes with reals"
        return F.softplus(real_logits - fake_logits).mean()
    raise ConfigError(f"There is no loss {kind!r}.")


def probabilities(kind: str, logits: Tensor, rival_logits: Tensor) -> Tensor:
    """Return the mean of D(x) over logits [N], 0 … 1.

    For the relativistic loss it is the probability of being more real than the mean of the other side.
    """
    if kind == "relativistic":
        logits = logits - rival_logits.mean()
    return logits.sigmoid().mean()


def gradient_penalty(D: nn.Module, pictures: Tensor) -> Tensor:
    """½ E‖∇ₓ D(x)‖² on pictures [N, nc, H, W]: on reals R1, on fakes R2 (Mescheder et al., arXiv 1801.04406, eq. 9 and
    10, without their γ)."""
    pictures = pictures.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(D(pictures).sum(), pictures, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean() / 2
