"""SeFa (Shen and Zhou, arXiv 2007.06600): the directions that the generator's first layer magnifies most."""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.serving import ServingG

METHOD = "SeFa: first layer's weights"


def sefa_axes(served: ServingG) -> Tensor:
    """The eigenvectors of W Wᵀ as rows, float64 [nz, nz], strongest first.

    W [nz, 16·c] is the first layer with the BatchNorm that follows folded in: without that, a channel would count by
    the size of its weights, which the BatchNorm undoes.
    """
    W = served.layers[0].weight.cpu().double()
    _, vectors = torch.linalg.eigh(W @ W.T)
    axes: Tensor = vectors.T.flip(0)
    return axes
