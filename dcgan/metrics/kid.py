"""Kernel Inception Distance (KID, arXiv 1801.01401), with our features instead of Inception's.

The squared maximum mean discrepancy under the cubic kernel (xᵀy / d + 1)³, estimated without bias: for two samples of
one distribution its expectation is zero at any sample size. Single values can be slightly negative.
"""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.metrics.estimate import Estimate, mean_and_error


def kernel(x: Tensor, y: Tensor) -> Tensor:
    """Return (xᵀy / d + 1)³ of each pair of features [N, d] and [M, d]: [N, M]."""
    return (x @ y.T / x.shape[1] + 1.0) ** 3


def mmd2(x: Tensor, y: Tensor) -> Tensor:
    """Return the unbiased squared MMD between features [N, d] and [M, d], a scalar (arXiv 1801.01401, eq. 4)."""
    n, m = len(x), len(y)
    assert n > 1 and m > 1, (n, m)
    # The diagonal, each picture with itself, is left out: it makes the plain estimate biased.
    xx, yy = kernel(x, x), kernel(y, y)
    within_x = (xx.sum() - xx.diagonal().sum()) / (n * (n - 1))
    within_y = (yy.sum() - yy.diagonal().sum()) / (m * (m - 1))
    return within_x + within_y - 2 * kernel(x, y).mean()


def kid(fakes: Tensor, reals: Tensor, subset: int = 250) -> Estimate:
    """Compute the KID of features [N, d] against [M, d], both in random order. Lower is better, 0 is perfect.

    Both sets are split into disjoint subsets of about `subset` rows. Each pair of subsets gives an independent unbiased
    estimate; the score is their mean, with its standard error. Overlapping random subsets would understate the error.
    """
    assert min(len(fakes), len(reals)) >= 4, (len(fakes), len(reals))
    parts = max(2, min(len(fakes), len(reals)) // subset)
    pairs = zip(fakes.double().tensor_split(parts), reals.double().tensor_split(parts), strict=True)
    return mean_and_error(torch.stack([mmd2(x, y) for x, y in pairs]))
