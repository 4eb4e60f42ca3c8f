"""GANSpace (Härkönen et al., arXiv 2004.02546): the principal components of the first layer's activations, as latents.

The activations are taken after the ReLU, as the second layer receives them. Each component is mapped back to z by least
squares.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from dcgan.folded import FoldedGenerator
from dcgan.latent.seeds import z_from_seeds

METHOD = "PCA of first-layer activations"
WIDEST = 128  # columns of the power iteration; it needs a few more than there are components
ITERATIONS = 4
PART = 250

RunTask = Callable[[Callable[[Tensor], Tensor], Tensor], Tensor]


def call(task: Callable[[Tensor], Tensor], item: Tensor) -> Tensor:
    """The default `run`: computes the task in this thread."""
    return task(item)


def pca_axes(
    folded: FoldedGenerator, components: int = 24, latents: int = 2000, seed: int = 0, run: RunTask = call
) -> Tensor:
    """Return orthonormal rows, float64 [min(components, nz), nz], largest component first.

    `run(task, item)` may compute each task on another thread. The latents are those of seeds seed … seed + latents - 1.
    """
    nz = folded.config.nz
    components = min(components, nz)
    z = z_from_seeds(range(seed, seed + latents), nz)
    activations = torch.cat([run(lambda part: _activate(folded, part), part) for part in z.split(PART)])
    activations -= activations.mean(0)
    z = z.double() - z.double().mean(0)

    # Block power iteration on the scores [latents, columns]. Scores are close to linear in z, so it starts from z.
    scores = torch.linalg.qr(z[:, :WIDEST]).Q
    for _ in range(ITERATIONS):
        scores = torch.linalg.qr(run(lambda q: _apply(activations, q), scores)).Q
    small = run(lambda q: (activations.T @ q.to(activations)).cpu().double(), scores)
    _, vectors = torch.linalg.eigh(small.T @ small)
    scores = scores @ vectors.flip(1)[:, :components]

    # Scores are orthonormal, so the least-squares map back to z is one product. QR makes the axes orthonormal.
    Q, R = torch.linalg.qr(z.T @ scores)
    axes: Tensor = (Q * torch.where(R.diagonal() < 0, -1.0, 1.0)).T
    return axes


@torch.no_grad()
def _activate(folded: FoldedGenerator, z: Tensor) -> Tensor:
    first = folded.layers[0]
    return first.linear(z.to(first.weight)).add_(first.bias).relu_().flatten(1)


def _apply(activations: Tensor, q: Tensor) -> Tensor:
    return (activations @ (activations.T @ q.to(activations))).cpu().double()
