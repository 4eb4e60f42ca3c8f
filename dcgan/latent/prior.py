"""How typical a latent's norm is under the prior N(0, I)."""

from __future__ import annotations

from statistics import NormalDist


def share_shorter(length: float, nz: int) -> float:
    """The fraction, 0 … 1, of N(0, I) latents [nz] whose norm is below `length`.

    ‖z‖² is chi-squared with nz degrees of freedom; its CDF is approximated by Wilson and Hilferty (1931).
    """
    bend = 2 / (9 * nz)
    return NormalDist(1 - bend, bend**0.5).cdf((length**2 / nz) ** (1 / 3))
