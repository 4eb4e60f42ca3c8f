"""How usual a latent is under the prior, by its length."""

from __future__ import annotations

from statistics import NormalDist


def share_shorter(length: float, nz: int) -> float:
    """The share, 0 … 1, of standard normal latents that are shorter (Wilson and Hilferty, as `inversion.shell`)."""
    bend = 2 / (9 * nz)
    return NormalDist(1 - bend, bend**0.5).cdf((length**2 / nz) ** (1 / 3))
