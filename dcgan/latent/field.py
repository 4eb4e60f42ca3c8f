"""A surface through three or four latents, addressed by two coordinates."""

from __future__ import annotations

from torch import Tensor

from dcgan.latent.paths import arc, unit


def field(corners: Tensor, x: Tensor, y: Tensor, flat: bool = False) -> Tensor:
    """Return latents [N, nz] at coordinates x, y [N] in 0 … 1 of the surface through corners [3 or 4, nz].

    The corners a, b, c, d lie at (0, 0), (1, 0), (0, 1) and (1, 1). If d is missing, it is b + c - a, scaled to the
    mean norm of b and c. Each side is the slerp of its two corners; `flat` interpolates bilinearly instead.
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
