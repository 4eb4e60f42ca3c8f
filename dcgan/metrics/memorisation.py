"""Whether G copies its training pictures: distance to the nearest of them ÷ distance to the nearest unseen picture.

The samples of a G that does not copy are about as far from the training set as unseen reals are. The ratio depends on
the sizes of both sets, so compare it with the same ratio of held-out reals on the same sets.
"""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.metrics.estimate import Estimate, mean_and_error


def nearest(x: Tensor, others: Tensor, chunk: int = 4096) -> tuple[Tensor, Tensor]:
    """Find the nearest row of [M, d] for each row of [N, d]: its distance [N] and index [N]."""
    # exact differences: the faster matrix form rounds the distance of a copy to more than 0
    parts = [torch.cdist(x, part, compute_mode="donot_use_mm_for_euclid_dist") for part in others.split(chunk)]
    distance, index = torch.cat(parts, dim=1).min(dim=1)
    return distance, index


def memorisation(fakes: Tensor, train: Tensor, unseen: Tensor) -> Estimate:
    """Return the mean ratio of features [N, d]: distance to the nearest of `train` [M, d] ÷ of `unseen` [K, d].

    `unseen` are real pictures that G was not trained on. The ratio is 0 if all fakes are copies. G copies if it is
    clearly below `memorisation(other unseen reals, train, unseen)`.
    """
    to_train, to_unseen = nearest(fakes, train)[0], nearest(fakes, unseen)[0]
    return mean_and_error(to_train / to_unseen.clamp(min=1e-12))
