"""SeFa (Shen and Zhou, arXiv 2007.06600): the directions that the generator's first layer amplifies most."""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.folded import FoldedGenerator

METHOD = "SeFa: first layer's weights"


def sefa_axes(folded: FoldedGenerator) -> Tensor:
    """Return the eigenvectors of W Wᵀ as rows, float64 [nz, nz], largest eigenvalue first.

    W [nz, 16·c] is the first layer with its BatchNorm folded in, because BatchNorm rescales every channel.
    """
    W = folded.layers[0].weight.cpu().double()
    _, vectors = torch.linalg.eigh(W @ W.T)
    axes: Tensor = vectors.T.flip(0)
    return axes
