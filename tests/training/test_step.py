"""Tests for `dcgan/training/step.py`: the tutorial's mathematics, and which network a step updates."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dcgan.config import make_config
from dcgan.images import to_float
from dcgan.training.step import STATS, forward_D, frozen, make_state, train_step

CPU = torch.device("cpu")
SMALL = {"image_size": 32, "nz": 6, "ngf": 4, "ndf": 4, "batch": 8}


def pictures(n=8, nc=3):
    return torch.randint(0, 256, (n, nc, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def snapshot(network):
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def test_step_is_the_tutorials_step():
    """Two steps of ours leave G and D with the weights that the published loop gives them, from the same noise."""
    config = make_config("tutorial", "doodles", SMALL)
    ours, theirs = make_state(config, CPU), make_state(config, CPU)
    netG, netD = theirs.G, nn.Sequential(theirs.D, nn.Sigmoid())
    optimizerD = torch.optim.Adam(netD.parameters(), lr=config.lr_d, betas=(0.5, 0.999))
    optimizerG = torch.optim.Adam(netG.parameters(), lr=config.lr_g, betas=(0.5, 0.999))
    criterion, reals = nn.BCELoss(), pictures()
    for step in range(2):
        stats = train_step(ours, reals, config, torch.Generator().manual_seed(step), bf16=False)
        noise = torch.randn(8, 6, 1, 1, generator=torch.Generator().manual_seed(step))
        netD.zero_grad()
        output = netD(to_float(reals)).view(-1)
        errD_real = criterion(output, torch.ones(8))
        errD_real.backward()
        D_x = output.mean()
        fake = netG(noise)
        output = netD(fake.detach()).view(-1)
        errD_fake = criterion(output, torch.zeros(8))
        errD_fake.backward()
        D_G_z1 = output.mean()
        optimizerD.step()
        netG.zero_grad()
        output = netD(fake).view(-1)
        errG = criterion(output, torch.ones(8))
        errG.backward()
        optimizerG.step()
        expected = torch.stack([errD_real + errD_fake, errG, D_x, D_G_z1, output.mean()])
        torch.testing.assert_close(stats, expected.detach(), atol=2e-5, rtol=1e-4)
    for a, b in ((ours.G, theirs.G), (ours.D, theirs.D)):
        for name, tensor in a.state_dict().items():
            torch.testing.assert_close(tensor, b.state_dict()[name], atol=5e-5, rtol=1e-3)


def test_updating_one_network_leaves_the_other():
    """Each optimiser changes its own network alone; D's step computes no gradient of G, and G's none of D."""
    config = make_config("tutorial", "doodles", SMALL)
    state = make_state(config, CPU)
    other_moved, gradients_of = {}, {}
    for name, optimiser, own, other in (
        ("D", state.opt_D, state.D, state.G),
        ("G", state.opt_G, state.G, state.D),
    ):
        original = optimiser.step

        def step(*args, _original=original, _name=name, _own=own, _other=other, **kwargs):
            before = [p.detach().clone() for p in _other.parameters()]
            gradients_of[_name] = {"own": gradients(_own), "other": gradients(_other)}
            result = _original(*args, **kwargs)
            other_moved[_name] = any(not torch.equal(a, b) for a, b in zip(before, _other.parameters(), strict=True))
            return result

        optimiser.step = step
    before_G, before_D = snapshot(state.G), snapshot(state.D)
    train_step(state, pictures(), config, torch.Generator().manual_seed(0), bf16=False)
    assert other_moved == {"D": False, "G": False}
    assert not torch.equal(before_G["main.0.weight"], state.G.state_dict()["main.0.weight"])
    assert not torch.equal(before_D["main.0.weight"], state.D.state_dict()["main.0.weight"])
    assert all(gradient is None for gradient in gradients_of["D"]["other"])
    # what D's own step computed is still there, and G's backward pass added nothing to it
    in_D, after_G = gradients_of["D"]["own"], gradients_of["G"]["other"]
    assert all(torch.equal(a, b) for a, b in zip(in_D, after_G, strict=True))
    assert all(p.requires_grad for p in state.D.parameters())


def gradients(network):
    return [None if p.grad is None else p.grad.clone() for p in network.parameters()]


def test_frozen_restores_even_after_an_error():
    """Within `frozen` a network needs no gradient; afterwards it does, whatever happened inside."""
    layer = nn.Linear(2, 2)
    with pytest.raises(ZeroDivisionError), frozen(layer):  # noqa: PT012
        assert not any(p.requires_grad for p in layer.parameters())
        raise ZeroDivisionError
    assert all(p.requires_grad for p in layer.parameters())


@pytest.mark.parametrize("d_norm", ["batch", "none", "spectral"])
@pytest.mark.parametrize("loss", ["bce", "hinge", "relativistic"])
def test_every_option_trains(d_norm, loss):
    """Every loss with every norm, with R1, flips and all augmentations, gives finite numbers."""
    overrides = {**SMALL, "d_norm": d_norm, "loss": loss, "r1_gamma": 1, "r1_every": 2, "nc": 1}
    config = make_config("recommended", "doodles", {**overrides, "augment": "color,translation,cutout", "ema_kimg": 1})
    state = make_state(config, CPU)
    for step in range(3):
        stats = train_step(state, pictures(nc=1), config, torch.Generator().manual_seed(step), bf16=False)
        assert stats.shape == (len(STATS),) and torch.isfinite(stats).all()
    assert state.nimg == 24
    assert all(torch.isfinite(p).all() for p in state.G.parameters())


def test_one_pass_over_both_is_the_same_mathematics():
    """Without BatchNorm in D, one pass over reals and fakes gives the same logits as two passes."""
    state = make_state(make_config("recommended", "doodles", SMALL), CPU)
    a, b = to_float(pictures(5)), to_float(pictures(7)).flip(0)
    together = forward_D(state.D, a, b)
    torch.testing.assert_close(together[0], state.D(a))
    torch.testing.assert_close(together[1], state.D(b))


def test_r2_changes_the_update_of_d():
    """With R2 the same step gives D other weights, and G too, because it is updated through the new D."""
    after = {}
    for gamma in (0.0, 5.0):
        config = make_config("tutorial", "doodles", {**SMALL, "d_norm": "none", "r2_gamma": gamma})
        state = make_state(config, CPU)
        train_step(state, pictures(), config, torch.Generator().manual_seed(3), bf16=False)
        after[gamma] = snapshot(state.D), snapshot(state.G)
    for without, with_r2 in zip(after[0.0], after[5.0], strict=True):
        assert any(not torch.equal(without[name], with_r2[name]) for name in without)


def test_deviation_never_mixes_reals_with_fakes():
    """D's logits are the same in one pass over reals and fakes and in two, whatever the batch's size."""
    D = make_state(make_config("tutorial", "doodles", {**SMALL, "d_norm": "none", "mbstd": 4}), CPU).D
    for n in (8, 6):
        reals, fakes = torch.randn(n, 3, 32, 32), torch.randn(n, 3, 32, 32)
        for together, alone in zip(forward_D(D, reals, fakes), (D(reals), D(fakes)), strict=True):
            torch.testing.assert_close(together, alone)


@pytest.mark.parametrize("d_norm", ["batch", "none"])
def test_negatives_add_a_term_to_the_loss_of_d(d_norm):
    """Corrupted reals raise D's loss and change its update; D's outputs for reals and fakes are those without them."""
    after, stats = {}, {}
    for weight in (0.0, 1.0):
        config = make_config("tutorial", "doodles", {**SMALL, "d_norm": d_norm, "negatives": weight})
        state = make_state(config, CPU)
        stats[weight] = train_step(state, pictures(), config, torch.Generator().manual_seed(3), bf16=False)
        after[weight] = snapshot(state.D)
    assert any(not torch.equal(after[0.0][name], after[1.0][name]) for name in after[0.0])
    # D(x) and D(G(z)) are from before D's update
    torch.testing.assert_close(stats[0.0][2:4], stats[1.0][2:4])
    assert stats[1.0][0] > stats[0.0][0]


@pytest.mark.parametrize(("weight", "draws_more"), [(0.0, False), (1.0, True)])
def test_without_negatives_no_random_numbers_are_drawn_for_them(weight, draws_more):
    """With negatives=0 a step draws z and nothing else, so runs from before this setting are repeated bit for bit."""
    config = make_config("tutorial", "doodles", {**SMALL, "negatives": weight})
    rng, only_z = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    train_step(make_state(config, CPU), pictures(), config, rng, bf16=False)
    torch.randn(8, 6, 1, 1, generator=only_z)
    assert torch.equal(rng.get_state(), only_z.get_state()) != draws_more
