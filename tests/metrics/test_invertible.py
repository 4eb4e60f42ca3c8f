"""How near a model's latents come to pictures."""

import pytest
import torch

from dcgan.checkpoint import LoadedGenerator
from dcgan.config import ModelConfig
from dcgan.images import to_uint8
from dcgan.latent import z_from_seeds
from dcgan.metrics.invertible import nearness
from dcgan.models import make_networks


@pytest.fixture(scope="module")
def loaded():
    G, _ = make_networks(ModelConfig(image_size=32, nz=16, ngf=16, nc=1), 0)
    generator = torch.Generator().manual_seed(0)
    for layer in G.main:
        if isinstance(layer, torch.nn.ConvTranspose2d):
            layer.weight.data.normal_(0.0, (2.0 / layer.in_channels) ** 0.5 / 2, generator=generator)
    return LoadedGenerator(G.eval().requires_grad_(False), G.config, {})


def test_its_own_pictures_are_nearer_than_what_it_cannot_draw(loaded):
    """Generated pictures come back nearer than any random sample, and far nearer than noise does."""
    draw = lambda seeds: to_uint8(loaded.G(z_from_seeds(seeds, 16)))  # noqa: E731
    crowd = draw(range(60))
    noise = torch.randint(256, (2, 1, 32, 32), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    own, foreign = nearness("own", loaded, draw(range(9000, 9002)), crowd), nearness("noise", loaded, noise, crowd)
    assert float(own.rmse.max()) < 0.05 < float(own.random.min())
    assert float(foreign.rmse.min()) > 5 * float(own.rmse.max())
    assert own.inside == foreign.inside == 2
    assert own.row().startswith("| 2 own | 0.0") and "| 2 of 2 |" in own.row()


def test_the_best_of_a_crowd_is_its_nearest(loaded):
    """A picture that is in the crowd is at distance 0 from it."""
    crowd = to_uint8(loaded.G(z_from_seeds(range(5), 16)))
    assert float(nearness("own", loaded, crowd[3:4], crowd).random[0]) == pytest.approx(0, abs=1e-4)
