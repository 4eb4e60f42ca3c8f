"""Tests for `dcgan/latent/encoder.py`: a network that estimates the latent of a picture."""

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.errors import CheckpointError
from dcgan.folded import FoldedGenerator
from dcgan.latent import z_from_seeds
from dcgan.latent.encoder import load_encoder, make_encoder, save_encoder, train_encoder
from dcgan.models import Generator, make_networks

CONFIG = ModelConfig(image_size=32, nz=4, ngf=8, nc=1)


def contrasted(seed: int) -> Generator:
    """Untrained, but with contrast, so that other latents are other pictures."""
    G, _ = make_networks(CONFIG, seed)
    generator = torch.Generator().manual_seed(seed)
    for layer in G.main:
        if isinstance(layer, torch.nn.ConvTranspose2d):
            layer.weight.data.normal_(0.0, (2.0 / layer.in_channels) ** 0.5 / 2, generator=generator)
    return G.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def G() -> Generator:
    return contrasted(0)


@pytest.mark.parametrize(("size", "nc", "nz"), [(32, 3, 5), (64, 1, 100), (128, 3, 7)])
def test_any_models_pictures_become_its_latents(size, nc, nz):
    """Pictures of each size and kind give as many numbers as the model's latents have; a seed fixes the weights."""
    config = ModelConfig(image_size=size, nc=nc, nz=nz)
    pictures = torch.rand(2, nc, size, size)
    z = make_encoder(config, 1, width=4)(pictures)
    assert z.shape == (2, nz)
    assert torch.equal(z, make_encoder(config, 1, width=4)(pictures))
    assert not torch.equal(z, make_encoder(config, 2, width=4)(pictures))


def test_training_improves_the_guess(G):
    """After a few hundred small steps the guess is much nearer than zero is, in z and in unseen pictures."""
    encoder = train_encoder(G, steps=300, batch=16, log=lambda text: None)
    z = z_from_seeds(range(5000, 5064), 4)
    guess = encoder(G(z))
    assert float((guess - z).square().mean()) < 0.3
    off = float((G(guess) - G(z)).square().mean())
    assert off < 0.3 * float((G(torch.zeros(1, 4)) - G(z)).square().mean())
    assert not encoder.training


def test_training_repeats_and_minutes_end_it(G):
    """The same seed gives the same weights; when the time is over, training ends whatever the steps."""
    pictures = G(z_from_seeds([1], 4))
    first, again = (train_encoder(G, steps=3, batch=4, log=print)(pictures) for _ in range(2))
    assert torch.equal(first, again)
    said = []
    train_encoder(G, steps=10_000_000, minutes=0.02, batch=4, log=said.append)
    assert len(said) < 1000


def test_a_file_gives_the_same_guess_for_the_same_generator_only(G, tmp_path):
    """Stored in half precision and read back; another generator's, or a damaged file, is a sentence."""
    path, encoder = tmp_path / "encoder.safetensors", make_encoder(CONFIG, 3)
    save_encoder(path, encoder, FoldedGenerator(G).fingerprint())
    pictures = G(z_from_seeds(range(3), 4))
    torch.testing.assert_close(load_encoder(path, G)(pictures), encoder(pictures), atol=0.02, rtol=0.01)
    with pytest.raises(CheckpointError, match="another generator"):
        load_encoder(path, contrasted(1))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CheckpointError):
        load_encoder(path, G)
