"""Objectives against their closed forms."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from dcgan.config import ModelConfig
from dcgan.errors import ConfigError
from dcgan.losses import (
    D_LOSS_AT_EQUILIBRIUM,
    G_LOSS_AT_EQUILIBRIUM,
    d_loss,
    g_loss,
    gradient_penalty,
    probabilities,
)
from dcgan.models import Discriminator


def test_bce_is_the_tutorials():
    """On logits, our losses equal nn.BCELoss on their sigmoids with labels 1, 0, and 1 for G."""
    real, fake = torch.randn(16), torch.randn(16)
    criterion, one, zero = nn.BCELoss(), torch.ones(16), torch.zeros(16)
    expected = criterion(real.sigmoid(), one) + criterion(fake.sigmoid(), zero)
    torch.testing.assert_close(d_loss("bce", real, fake), expected)
    torch.testing.assert_close(g_loss("bce", fake), criterion(fake.sigmoid(), one))


def test_bce_at_equilibrium():
    """A D that cannot tell (logit 0) has loss ln 4, and G ln 2."""
    z = torch.zeros(8)
    assert d_loss("bce", z, z).item() == pytest.approx(math.log(4))
    assert g_loss("bce", z).item() == pytest.approx(math.log(2))


def test_bce_is_finite_for_large_logits():
    """Where a sigmoid would overflow to log 0, the loss stays finite and linear."""
    assert d_loss("bce", torch.tensor([-500.0]), torch.tensor([500.0])).item() == pytest.approx(1000)


def test_hinge():
    """Margins beyond ± 1 cost nothing; G's loss is minus the mean logit."""
    assert d_loss("hinge", torch.tensor([2.0, 0.0]), torch.tensor([-2.0, 1.0])).item() == pytest.approx(0.5 + 1.0)
    assert g_loss("hinge", torch.tensor([2.0, 0.0])).item() == -1


def test_relativistic_compares_pairs():
    """Only the difference counts: shifting all logits changes nothing, and equal ones cost ln 2."""
    real, fake = torch.randn(9), torch.randn(9)
    torch.testing.assert_close(d_loss("relativistic", real, fake), d_loss("relativistic", real + 3, fake + 3))
    assert g_loss("relativistic", real, real).item() == pytest.approx(math.log(2))
    torch.testing.assert_close(g_loss("relativistic", fake, real), d_loss("relativistic", fake, real))


@pytest.mark.parametrize("kind", D_LOSS_AT_EQUILIBRIUM)
def test_the_losses_at_equilibrium_are_the_charts_dashed_lines(kind):
    """If D's logits are all 0, both losses are at the dashed lines, and D(x) and D(G(z)) are ½."""
    z = torch.zeros(8)
    assert d_loss(kind, z, z).item() == pytest.approx(D_LOSS_AT_EQUILIBRIUM[kind])
    assert g_loss(kind, z, z).item() == pytest.approx(G_LOSS_AT_EQUILIBRIUM[kind])
    assert probabilities(kind, z, z).item() == 0.5


def test_probabilities_are_relative_with_the_relativistic_loss():
    """D(x) is the tutorial's sigmoid; with the relativistic loss a shift of all logits does not change it."""
    real, fake = torch.randn(9) + 2, torch.randn(9)
    torch.testing.assert_close(probabilities("bce", real, fake), real.sigmoid().mean())
    torch.testing.assert_close(
        probabilities("relativistic", real, fake), probabilities("relativistic", real - 5, fake - 5)
    )
    assert probabilities("relativistic", real, fake) > 0.5 > probabilities("relativistic", fake, real)


def test_r1_of_a_linear_critic():
    """For D(x) = ⟨w, x⟩ the penalty is ½‖w‖² whatever x, and its gradient by w is w."""
    w = torch.randn(1, 3, 8, 8, requires_grad=True)
    linear = nn.Module()
    linear.forward = lambda x: (x * w).sum((1, 2, 3))  # type: ignore[method-assign]
    penalty = gradient_penalty(linear, torch.randn(5, 3, 8, 8))
    torch.testing.assert_close(penalty, w.square().sum() / 2)
    penalty.backward()
    torch.testing.assert_close(w.grad, w.detach())


def test_r1_gradient_of_the_network():
    """The second derivative through the real D agrees with finite differences (in-place activations included)."""
    D = Discriminator(ModelConfig(image_size=32, nc=1, ndf=2, d_norm="none")).double()
    x = torch.randn(2, 1, 32, 32, dtype=torch.float64)
    weight = D.main[0].weight
    gradient_penalty(D, x).backward()
    analytic, step = weight.grad[0, 0, 1, 1].item(), 1e-6
    values = []
    for sign in (1, -1):
        with torch.no_grad():
            weight[0, 0, 1, 1] += sign * step
        values.append(gradient_penalty(D, x).item())
        with torch.no_grad():
            weight[0, 0, 1, 1] -= sign * step
    assert analytic == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-4)


def test_unknown_loss():
    """A loss there is none of raises a sentence."""
    with pytest.raises(ConfigError, match="l1"):
        d_loss("l1", torch.zeros(1), torch.zeros(1))
    with pytest.raises(ConfigError, match="l1"):
        g_loss("l1", torch.zeros(1))
