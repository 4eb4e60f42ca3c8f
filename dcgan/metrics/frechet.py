"""Fréchet distance of two sets of features, taken as Gaussians (the formula of FID, arXiv 1706.08500).

It is biased upwards for few pictures. Compare only scores of equal counts, features and references. The count should be
well above the dimension of the features.
"""

from __future__ import annotations

import torch
from torch import Tensor

from dcgan.metrics.estimate import Estimate, jackknife


def gaussian(features: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean [d] and covariance [d, d] of features [N, d], float64."""
    features = features.double()
    return features.mean(dim=0), torch.cov(features.T).reshape(features.shape[1], features.shape[1])


def gaussian_distance(mean_a: Tensor, cov_a: Tensor, mean_b: Tensor, cov_b: Tensor) -> Tensor:
    """Return |μa − μb|² + tr(Σa + Σb − 2 (Σa Σb)^½), a scalar.

    The trace of the root is computed from the symmetric Σa^½ Σb Σa^½, which has the same eigenvalues. This avoids
    complex numbers, and works without full rank.
    """
    values, vectors = torch.linalg.eigh(cov_a)
    root_a = vectors * values.clamp(min=0).sqrt() @ vectors.T
    product = torch.linalg.eigvalsh(root_a @ cov_b @ root_a)
    trace_root = product.clamp(min=0).sqrt().sum()
    distance: Tensor = (mean_a - mean_b).square().sum() + cov_a.trace() + cov_b.trace() - 2 * trace_root
    return distance


def frechet(fakes: Tensor, reals: Tensor) -> Estimate:
    """Compute the Fréchet distance of features [N, d] and [M, d] in random order. Lower is better."""
    mean, covariance = gaussian(reals)

    def score(features: Tensor) -> Tensor:
        return gaussian_distance(*gaussian(features), mean, covariance).reshape(1)

    return jackknife(score, fakes)[0]
