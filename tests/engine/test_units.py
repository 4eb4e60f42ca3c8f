"""Activations and ablation of the generator's units."""

import pytest
import torch
from lively import lively_G

from dcgan.config import ModelConfig
from dcgan.engine.units import inspect_layers, with_units_off
from dcgan.errors import RequestError
from dcgan.folded import FoldedGenerator

CONFIG = ModelConfig(image_size=32, nz=10, ngf=8, ndf=8)


@pytest.fixture(scope="module")
def folded():
    return FoldedGenerator(lively_G(CONFIG))


@pytest.fixture(scope="module")
def z():
    return torch.randn(10, generator=torch.Generator().manual_seed(1))


def activations(z):
    """Return each ReLU's output [C, s, s] in the torch module, and the picture."""
    G = lively_G(CONFIG)
    found = []
    for module in G.main:
        if isinstance(module, torch.nn.ReLU):
            module.register_forward_hook(lambda module, _, output: found.append(output[0].clone()))
    return found, G(z[None])[0]


def test_maps_are_the_layers_activations(folded, z):
    """Maps equal the outputs of the torch module's ReLUs, layer by layer, and the pictures are equal."""
    expected, picture = activations(z)
    inside = inspect_layers(folded, z)
    assert [(view.side, view.channels) for view in inside.layers] == [(4, 32), (8, 16), (16, 8)]
    for view, layer in zip(inside.layers, expected, strict=True):
        assert len(view.units) == min(16, view.channels)
        torch.testing.assert_close(view.maps, layer[list(view.units)], rtol=0, atol=2e-4)
        torch.testing.assert_close(view.means, view.maps.mean(dim=(1, 2)))
    torch.testing.assert_close(inside.picture, picture, rtol=0, atol=2e-5)
    assert inside.change == 0 and torch.equal(inside.picture, inside.whole)


def test_an_ablated_unit_is_zero_for_later_layers(folded, z):
    """Ablating a unit gives the picture of a network whose weights from that unit are 0."""
    for layer, unit in ((0, 5), (1, 3), (2, 7)):
        G = lively_G(CONFIG)
        convolutions = [module for module in G.main if isinstance(module, torch.nn.ConvTranspose2d)]
        convolutions[layer + 1].weight[unit] = 0
        torch.testing.assert_close(with_units_off(folded, [(layer, unit)])(z[None]), G(z[None]), rtol=0, atol=2e-5)


def test_an_effect_is_the_change_by_ablation(folded, z):
    """An effect is the RMS change when that unit alone is ablated; units are sorted by it, largest first."""
    inside = inspect_layers(folded, z, count=6)
    for number, view in enumerate(inside.layers):
        effects = view.effects.tolist()
        assert effects == sorted(effects, reverse=True) and effects[0] > 0
        for unit, effect in zip(view.units, effects, strict=True):
            without = inspect_layers(folded, z, [(number, unit)])
            assert without.change == pytest.approx(effect, abs=1e-5)


def test_ablated_units_are_always_included(folded, z):
    """An ablated unit of small effect replaces a unit of larger effect, and its map is not 0."""
    weak = inspect_layers(folded, z, count=32).layers[0].units[8]
    before = inspect_layers(folded, z, count=4).layers[0]
    after = inspect_layers(folded, z, [(0, weak)], count=4).layers[0]
    assert weak not in before.units
    assert after.units == (*before.units[:3], weak)
    assert float(after.maps[3].max()) > 0


def test_without_ablation_the_generator_is_unchanged(folded, z):
    """With no unit off, the result is the generator itself; ablation does not change it."""
    assert with_units_off(folded) is folded
    before = folded(z[None])
    assert not torch.equal(with_units_off(folded, [(0, 1), (2, 2)])(z[None]), before)
    assert torch.equal(folded(z[None]), before)


@pytest.mark.parametrize("off", [[(3, 0)], [(0, 32)], [(2, 8)]])
def test_unknown_units_are_refused(folded, z, off):
    """A layer or unit that the generator lacks raises RequestError with the valid range."""
    with pytest.raises(RequestError, match="numbered 0 to"):
        inspect_layers(folded, z, off)
    with pytest.raises(RequestError, match="numbered 0 to"):
        with_units_off(folded, off)
