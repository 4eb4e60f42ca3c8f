"""A surface through three or four latents, to move in with two coordinates."""

from __future__ import annotations

from torch import Tensor

from dcgan.latent.paths import arc, unit


def field(corners: Tensor, x: Tensor, y: Tensor, flat: bool = False) -> Tensor:
    """Latents [N, nz] at places x, y [N] in 0 … 1 of the surface through corners [3 or 4, nz].

    The corners lie at (0, 0), (1, 0), (0, 1) and (1, 1); where only three are given, the fourth is the second plus the
    third minus the first, as long as the mean of the two. Along the sphere each side is the slerp of its ends; `flat`
    is the bilinear surface, which is a plane where the four corners lie in one.
    """
    assert corners.ndim == 2 and len(corners) in (3, 4), corners.shape
    a, b, c, *rest = corners.double()
    d: Tensor = rest[0] if rest else _fourth(a, b, c, flat)
    across, down = x.double()[:, None], y.double()[:, None]
    if flat:
        surface = (1 - down) * ((1 - across) * a + across * b) + down * ((1 - across) * c + across * d)
    else:
        surface = arc(arc(a, b, across), arc(c, d, across), down)
    latents: Tensor = surface.to(corners.dtype)
    return latents


def _fourth(a: Tensor, b: Tensor, c: Tensor, flat: bool) -> Tensor:
    d: Tensor = b + c - a
    return d if flat else unit(d) * (b.norm() + c.norm()) / 2
