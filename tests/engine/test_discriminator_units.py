"""What D computes of a picture, layer by layer."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dcgan.config import D_NORMS, ModelConfig
from dcgan.engine.discriminator_units import inspect_discriminator
from dcgan.models import Discriminator


@pytest.mark.parametrize("d_norm", D_NORMS)
def test_maps_are_activations_and_the_logit_is_ds(d_norm):
    """Maps are the positive activations after each LeakyReLU, the most varied channels first; the logit is D's own."""
    torch.manual_seed(3)
    D = Discriminator(ModelConfig(image_size=32, ndf=6, d_norm=d_norm, mbstd=4)).eval()
    picture = torch.rand(3, 32, 32) * 2 - 1
    seen = []
    for layer in D.main:
        if isinstance(layer, nn.LeakyReLU):
            layer.register_forward_hook(lambda _, given, out: seen.append(out[0].detach().clone()))
    with torch.no_grad():
        logit = D(picture[None])[0].item()
    expected, seen = seen, []
    inside = inspect_discriminator(D, picture, 4)
    assert inside.logit == pytest.approx(logit, abs=1e-6)
    assert inside.probability == pytest.approx(torch.tensor(logit).sigmoid().item(), abs=1e-6)
    assert [(view.side, view.channels, len(view.units)) for view in inside.layers] == [
        (16, 6, 4),
        (8, 12, 4),
        (4, 24, 4),
    ]
    for view, activations in zip(inside.layers, expected, strict=True):
        positive = activations.clamp_min(0)
        spread = positive.flatten(1).std(dim=1)
        assert torch.equal(view.maps, positive[list(view.units)])
        assert sorted(spread[list(view.units)], reverse=True) == sorted(spread, reverse=True)[:4]
