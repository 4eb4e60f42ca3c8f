"""A quick evaluation during a training, in seconds, to keep the best snapshot and to detect a collapse."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.metrics.features import Extractor
from dcgan.metrics.kid import kid
from dcgan.metrics.prdc import radii

NEIGHBOURS = 5


@dataclass(frozen=True)
class Reference:
    """What `quick_score` needs of the real pictures, computed once for a training."""

    extractor: Extractor
    features: Tensor  # [N, d], in random order
    radii: Tensor  # [N], distance to the fifth neighbour
    spread: float  # mean distance of two pictures


def make_reference(pictures: Tensor, extractor: Extractor, count: int = 2000, seed: int = 0) -> Reference:
    """Compute the reference from `count` random pictures of uint8 [N, nc, S, S], or all; N must be above 5."""
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))[:count]
    features = extractor(pictures[order])
    return Reference(extractor, features, radii(features, NEIGHBOURS), torch.pdist(features).mean().item())


def quick_score(fakes: Tensor, reference: Reference) -> dict[str, float]:
    """Score uint8 samples [n, nc, S, S]: "kid", "kid_error" (lower is better), "coverage" (0 … 1) and "diversity".

    Diversity is the mean distance of two samples ÷ that of two reals: 1 for a perfect G, near 0 after a collapse.
    Coverage grows with n: compare scores of equal counts only.
    """
    features = reference.extractor(fakes)
    score, error = kid(features, reference.features)
    covered = torch.cdist(reference.features, features).amin(dim=1) < reference.radii
    spread = torch.pdist(features).mean().item()
    return {
        "kid": score,
        "kid_error": error,
        "coverage": covered.double().mean().item(),
        "diversity": spread / reference.spread,
    }
