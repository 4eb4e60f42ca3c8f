"""The norm of a latent under the prior N(0, I): its usual range, and how typical it is.

‖z‖² is chi-squared with nz degrees of freedom; its distribution is approximated by Wilson and Hilferty (1931).
"""

from __future__ import annotations

from statistics import NormalDist

from torch import Tensor


def share_shorter(length: float, nz: int) -> float:
    """Return the fraction, 0 … 1, of N(0, I) latents [nz] whose norm is below `length`."""
    variance = 2 / (9 * nz)
    return NormalDist(1 - variance, variance**0.5).cdf((length**2 / nz) ** (1 / 3))


def norm_range(nz: int, share: float = 0.99) -> tuple[float, float]:
    """Return the smallest and largest ‖z‖ between which `share` of N(0, I) lies."""
    variance, deviation = 2 / (9 * nz), NormalDist().inv_cdf((1 + share) / 2)
    low, high = (max(0.0, 1 - variance + sign * deviation * variance**0.5) ** 3 for sign in (-1, 1))
    return (nz * low) ** 0.5, (nz * high) ** 0.5


def clamp_norm(z: Tensor) -> Tensor:
    """Scale each latent of z [N, nz] to the nearest norm within `norm_range`."""
    length = z.norm(dim=1, keepdim=True).clamp_min(1e-6)
    kept: Tensor = z * (length.clamp(*norm_range(z.shape[1])) / length)
    return kept
