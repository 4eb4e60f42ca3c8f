"""Does G repeat its training pictures? Nearest training picture against nearest picture it has never seen.

Real pictures that G never saw lie about as far from the training set as G's should. The ratio depends on how many
pictures each side has, so it means something only beside the same ratio for held-out reals, measured on the same sets.
"""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.metrics.estimate import Estimate, mean_and_error


def nearest(x: Tensor, others: Tensor, chunk: int = 4096) -> tuple[Tensor, Tensor]:
    """For each row of [N, d] its nearest row of [M, d]: distance [N] and which one [N]."""
    # Exact differences: the fast matrix form cannot tell a copy from a near one.
    parts = [torch.cdist(x, part, compute_mode="donot_use_mm_for_euclid_dist") for part in others.split(chunk)]
    distance, index = torch.cat(parts, dim=1).min(dim=1)
    return distance, index


def memorisation(fakes: Tensor, train: Tensor, unseen: Tensor) -> Estimate:
    """Mean of (distance to the nearest training picture ÷ to the nearest unseen one) of features [N, d].

    `train` [M, d]: what G learnt from; `unseen` [K, d]: pictures of the same kind it never saw. 0: all are copies.
    Compare with `memorisation(other unseen reals, train, unseen)`: clearly below that, G copies.
    """
    to_train, to_unseen = nearest(fakes, train)[0], nearest(fakes, unseen)[0]
    return mean_and_error(to_train / to_unseen.clamp(min=1e-12))
