"""Precision, recall, density and coverage from nearest neighbours (arXiv 1904.06991 and 2002.09797).

Each picture has a ball that reaches to its k-th nearest neighbour in its own set. Coverage measures diversity and
density quality; unlike precision and recall, they are robust to outliers.
"""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.metrics.estimate import Estimate, jackknife

NAMES = ("precision", "recall", "density", "coverage")


def radii(features: Tensor, k: int) -> Tensor:
    """Return the distance [N] of each row of [N, d] to its k-th nearest other row."""
    assert len(features) > k, (len(features), k)
    # the first nearest is the row itself, at distance 0
    return torch.cdist(features, features).kthvalue(k + 1, dim=1).values


def prdc_scores(fakes: Tensor, reals: Tensor, real_radii: Tensor, k: int) -> Tensor:
    """Return the four scores of features [N, d] against [M, d], in the order of NAMES (arXiv 2002.09797, eq. 1 – 4)."""
    distance = torch.cdist(reals, fakes)
    in_real_ball = distance < real_radii[:, None]
    in_fake_ball = distance < radii(fakes, k)[None, :]
    precision = in_real_ball.any(dim=0).double().mean()
    recall = in_fake_ball.any(dim=1).double().mean()
    density = in_real_ball.sum(dim=0).double().mean() / k
    coverage = (distance.amin(dim=1) < real_radii).double().mean()
    return torch.stack([precision, recall, density, coverage])


def prdc(fakes: Tensor, reals: Tensor, k: int = 5) -> dict[str, Estimate]:
    """Compute the four scores of fakes' features [N, d] against reals' [M, d], both in random order; higher is better.

    Returns name → estimate. Precision, recall and coverage are 0 … 1; density can be above 1. All depend on N and M:
    compare scores of equal counts only.
    """
    real_radii = radii(reals, k)
    estimates = jackknife(lambda rows: prdc_scores(rows, reals, real_radii, k), fakes)
    return dict(zip(NAMES, estimates, strict=True))
