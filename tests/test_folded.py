"""The generator as it serves."""

import pytest
import torch
from lively import lively_G

from dcgan.config import ModelConfig
from dcgan.folded import FoldedGenerator


@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("nc", [1, 3])
def test_it_draws_what_the_generator_draws(size, nc):
    """Folded and rewritten as matrix products, G gives its own pictures, for one latent and for several."""
    G = lively_G(ModelConfig(image_size=size, nc=nc, nz=10, ngf=8, ndf=8))
    folded = FoldedGenerator(G)
    z = torch.randn(5, 10, generator=torch.Generator().manual_seed(1))
    pictures = G(z)
    assert float(pictures.std()) > 0.1
    torch.testing.assert_close(folded(z), pictures, rtol=0, atol=2e-5)
    torch.testing.assert_close(folded(z[:1]), pictures[:1], rtol=0, atol=2e-5)


def test_a_folded_generator_keeps_its_own_weights():
    """A folded generator has its own copy of the weights: training G further does not change it."""
    G = lively_G(ModelConfig(image_size=32, nz=10, ngf=8, ndf=8))
    folded = FoldedGenerator(G)
    z = torch.ones(1, 10)
    before = folded(z)
    for parameter in G.parameters():
        parameter.zero_()
    assert torch.equal(folded(z), before)


def test_a_fingerprint_belongs_to_the_weights():
    """Equal weights share it; one weight changed is another fingerprint."""
    config = ModelConfig(image_size=32, nz=10, ngf=8, ndf=8)
    G = lively_G(config)
    first = FoldedGenerator(G).fingerprint()
    assert FoldedGenerator(lively_G(config)).fingerprint() == first
    G.main[-2].weight[0, 0, 0, 0] += 0.01
    assert FoldedGenerator(G).fingerprint() != first
