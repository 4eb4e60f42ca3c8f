"""SeFa: eigenvectors of the first layer's folded weights."""

import torch
from small_generator import random_G

from dcgan.folded import FoldedGenerator
from dcgan.latent.sefa import sefa_axes


def test_axes_are_the_eigenvectors_of_the_folded_weights():
    """W from G's own layers, scaled by hand as eval-mode BatchNorm scales it: each axis is an eigenvector of W Wᵀ."""
    G = random_G()
    first, norm = G.main[0], G.main[1]
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    W = (first.weight * scale[None, :, None, None]).flatten(1).double()
    axes = sefa_axes(FoldedGenerator(G))
    gains = axes @ W
    torch.testing.assert_close(axes @ axes.T, torch.eye(12, dtype=torch.float64))
    lengths = gains.norm(dim=1)
    assert (lengths[:-1] >= lengths[1:]).all()
    torch.testing.assert_close(gains @ gains.T, torch.diag(lengths**2), rtol=1e-4, atol=1e-4)


def test_a_channel_muted_by_batchnorm_does_not_count():
    """A channel that the following BatchNorm mutes has no influence on the axes."""
    G = random_G()
    G.main[0].weight[5, 0] = 100.0  # dimension 5 shouts through channel 0
    G.main[1].weight[0] = 0.0
    quiet = sefa_axes(FoldedGenerator(G))
    G.main[1].weight[0] = 1.0
    loud = sefa_axes(FoldedGenerator(G))
    assert abs(float(loud[0, 5])) > 0.99 > abs(float(quiet[0, 5]))
