"""Tests for `dcgan/latent/discriminator_features.py`: the features from which directions are fitted."""

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.latent.discriminator_features import discriminator_features
from dcgan.models import make_networks


@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("norm", ["none", "batch", "spectral"])
def test_each_layer_of_D_gives_a_grid(size, norm):
    """As in the paper: every layer's units, each as the maxima of a 4 × 4 grid; the last are D's own 4 × 4 ones."""
    _, D = make_networks(ModelConfig(image_size=size, nz=8, ngf=4, ndf=4, d_norm=norm), 0)
    D = D.eval().requires_grad_(False)
    pictures = torch.rand(3, 3, size, size) * 2 - 1
    found = discriminator_features(pictures, D)
    units = sum(4 * 2**i for i in range({32: 3, 64: 4, 128: 5}[size]))
    assert found.shape == (3, units * 16)
    first = torch.nn.functional.leaky_relu(D.main[0](pictures), 0.2)
    half = size // 8
    assert torch.equal(found[:, 0], first[:, 0, :half, :half].amax((1, 2)))
    last = found[:, -16 * (units - sum(4 * 2**i for i in range({32: 2, 64: 3, 128: 4}[size]))) :]
    torch.testing.assert_close(D.main[-1](last.unflatten(1, (-1, 4, 4))).flatten(), D(pictures))


def test_without_D_the_picture_is_looked_at_coarsely():
    """Without a D the features are the pictures' means on a 16 × 16 grid."""
    pictures = torch.rand(2, 1, 64, 64)
    found = discriminator_features(pictures, None)
    assert found.shape == (2, 256)
    torch.testing.assert_close(found[:, 0], pictures[:, 0, :4, :4].mean((1, 2)))


def test_one_picture_does_not_depend_on_the_others():
    """A picture's features do not depend on the rest of the batch, also with minibatch deviation in D."""
    _, D = make_networks(ModelConfig(image_size=32, nz=8, ngf=4, ndf=4, d_norm="none", mbstd=4), 0)
    pictures = torch.rand(8, 3, 32, 32)
    torch.testing.assert_close(
        discriminator_features(pictures, D.eval())[2:3], discriminator_features(pictures[2:3], D)
    )
