"""GANSpace: principal components of first-layer activations, brought back to z."""

import torch
from small_generator import random_G
from torch.nn import functional as F

from dcgan.folded import FoldedGenerator
from dcgan.latent import z_from_seeds
from dcgan.latent.pca import pca_axes


def test_components_are_those_of_a_full_decomposition():
    """The leading axes are what a complete SVD of G's own activations and least squares give."""
    G = random_G()
    z = z_from_seeds(range(600), 12)
    activations = F.relu(G.main[1](G.main[0](z[:, :, None, None]))).flatten(1).double()
    scores, strength, _ = torch.linalg.svd(activations - activations.mean(0), full_matrices=False)
    found = pca_axes(FoldedGenerator(G), components=3, latents=600)
    expected = torch.linalg.lstsq(scores[:, :1] * strength[0], z.double() - z.double().mean(0)).solution
    expected = expected / expected.norm()
    assert float((found[0] @ expected[0]).abs()) > 0.999
    torch.testing.assert_close(found @ found.T, torch.eye(3, dtype=torch.float64))


def test_the_dominant_dimension_is_the_first_component():
    """If one dimension drives the first layer far more than the others, the first axis is that dimension."""
    G = random_G()
    G.main[0].weight[7] *= 10
    assert abs(float(pca_axes(FoldedGenerator(G), latents=500)[0, 7])) > 0.99


def test_the_same_generator_gives_the_same_bits():
    """The same call gives the same axes; there are never more axes than dimensions."""
    folded = FoldedGenerator(random_G())
    first, again = (pca_axes(folded, latents=300) for _ in range(2))
    assert torch.equal(first, again) and first.shape == (12, 12)
