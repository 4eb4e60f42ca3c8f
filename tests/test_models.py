"""The networks are the published ones."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from tutorial_networks import tutorial_discriminator, tutorial_generator

from dcgan.config import ModelConfig
from dcgan.models import Discriminator, Generator, MinibatchStdDev, make_networks


def test_generator_is_the_tutorials():
    """Same layers in the same order, same weight names and shapes, same parameter count, same picture."""
    ours, theirs = Generator(ModelConfig()), tutorial_generator()
    assert [repr(layer).replace(", inplace", "").replace("inplace", "") for layer in ours.main] == [
        repr(layer).replace(", inplace", "").replace("inplace", "") for layer in theirs
    ]
    assert sum(p.numel() for p in ours.parameters()) == 3_576_704
    theirs.load_state_dict({k.removeprefix("main."): v for k, v in ours.state_dict().items()})
    z = torch.randn(4, 100, 1, 1)
    assert torch.equal(ours(z), theirs(z))


def test_discriminator_is_the_tutorials():
    """Same layers, names, shapes and count; the sigmoid of our logits is the tutorial's D(x)."""
    ours, theirs = Discriminator(ModelConfig()), tutorial_discriminator()
    assert [repr(layer) for layer in ours.main] == [repr(layer) for layer in theirs[:-1]]
    assert sum(p.numel() for p in ours.parameters()) == 2_765_568
    theirs.load_state_dict({k.removeprefix("main."): v for k, v in ours.state_dict().items()})
    x = torch.rand(4, 3, 64, 64) * 2 - 1
    torch.testing.assert_close(ours(x).sigmoid(), theirs(x).flatten())


@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("d_norm", ["batch", "none", "spectral"])
def test_other_sizes_follow_the_rule(size, d_norm):
    """G makes, and D judges, pictures of every size; z may come flat or as [N, nz, 1, 1]."""
    config = ModelConfig(image_size=size, nc=1, nz=7, ngf=4, ndf=4, d_norm=d_norm)
    G, D = make_networks(config, 0)
    z = torch.randn(3, 7)
    pictures = G.eval()(z)
    assert pictures.shape == (3, 1, size, size) and pictures.abs().max() <= 1
    assert torch.equal(pictures, G(z[:, :, None, None]))
    assert D.eval()(pictures).shape == (3,)


def test_first_weights():
    """Convolutions start as N(0, 0.02), BatchNorm's gains as N(1, 0.02) and its shifts at 0."""
    G, D = make_networks(ModelConfig(), seed=2021)
    for network in (G, D):
        for layer in network.main:
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and layer.weight.numel() > 50_000:
                assert abs(layer.weight.mean()) < 5e-4 and layer.weight.std().item() == pytest.approx(0.02, rel=0.02)
            if isinstance(layer, nn.BatchNorm2d):
                assert layer.weight.mean().item() == pytest.approx(1, abs=0.01)
                assert layer.weight.std().item() == pytest.approx(0.02, rel=0.4)
                assert not layer.bias.any()


def test_he_start_keeps_the_signals_scale():
    """Without a norm, D's logits on noise start at the order of one, neither vanishing nor exploding."""
    _, D = make_networks(ModelConfig(d_norm="none"), seed=0)
    assert 0.1 < D(torch.randn(64, 3, 64, 64)).std() < 10


def test_seed_decides_the_weights_and_nothing_else_moves():
    """The same seed gives the same weights, another seed others; the global generator is not disturbed."""
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    a, _ = make_networks(ModelConfig(ngf=4, ndf=4), 1)
    b, _ = make_networks(ModelConfig(ngf=4, ndf=4), 1)
    c, _ = make_networks(ModelConfig(ngf=4, ndf=4), 2)
    assert torch.equal(torch.rand(3), expected)
    first = "main.0.weight"
    assert torch.equal(a.state_dict()[first], b.state_dict()[first])
    assert not torch.equal(a.state_dict()[first], c.state_dict()[first])


def test_deviation_tells_groups_apart():
    """D's extra channel is 0 for equal pictures, larger for unlike ones, and looks at its own group alone."""
    layer = MinibatchStdDev(4)
    unlike, equal = torch.randn(4, 3, 2, 2), torch.ones(4, 3, 2, 2)
    out = layer(torch.cat([unlike, equal]))
    assert out.shape == (8, 4, 2, 2)
    assert out[:4, 3].std() == 0 and out[0, 3, 0, 0] > 0.3 and out[4:, 3].max() < 1e-3
    assert torch.equal(layer(torch.cat([unlike, 9 * torch.randn(4, 3, 2, 2)]))[:4], out[:4])
    torch.testing.assert_close(out[0, 3, 0, 0], unlike.var(dim=0, unbiased=False).sqrt().mean(), atol=1e-4, rtol=0)
    assert Discriminator(ModelConfig(image_size=32, ndf=2, mbstd=4))(torch.randn(5, 3, 32, 32)).shape == (5,)
