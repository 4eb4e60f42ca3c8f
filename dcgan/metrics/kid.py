"""Kernel distance: how differently two sets of features lie (KID, arXiv 1801.01401).

The squared maximum mean discrepancy under the cubic kernel (xᵀy / d + 1)³, estimated without bias: its expectation is
zero for two samples of one distribution, however few pictures there are. Single values may be slightly negative.
"""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.metrics.estimate import Estimate, mean_and_error


def kernel(x: Tensor, y: Tensor) -> Tensor:
    """Features [N, d], [M, d] → (xᵀy / d + 1)³ of each pair, [N, M]."""
    return (x @ y.T / x.shape[1] + 1.0) ** 3


def mmd2(x: Tensor, y: Tensor) -> Tensor:
    """Unbiased squared discrepancy between features [N, d] and [M, d], a scalar (arXiv 1801.01401, eq. 4)."""
    n, m = len(x), len(y)
    assert n > 1 and m > 1, (n, m)
    # A picture is never compared with itself: that term is what makes the plain estimate biased.
    xx, yy = kernel(x, x), kernel(y, y)
    within_x = (xx.sum() - xx.diagonal().sum()) / (n * (n - 1))
    within_y = (yy.sum() - yy.diagonal().sum()) / (m * (m - 1))
    return within_x + within_y - 2 * kernel(x, y).mean()


def kid(fakes: Tensor, reals: Tensor, subset: int = 250) -> Estimate:
    """KID of features [N, d] against [M, d], both in random order. Lower is better, 0 is perfect.

    Both sets are cut into disjoint subsets of about `subset` rows. Each pair of subsets is an independent unbiased
    estimate, so the score is their mean and the error is the honest standard error of that mean (overlapping random
    subsets, as often used, understate it).
    """
    assert min(len(fakes), len(reals)) >= 4, (len(fakes), len(reals))
    parts = max(2, min(len(fakes), len(reals)) // subset)
    pairs = zip(fakes.double().tensor_split(parts), reals.double().tensor_split(parts), strict=True)
    return mean_and_error(torch.stack([mmd2(x, y) for x, y in pairs]))
