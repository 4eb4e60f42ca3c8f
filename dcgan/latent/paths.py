"""Interpolation between two latents: lerp (straight line) and slerp (along the sphere)."""

from __future__ import annotations

import torch
from torch import Tensor


def lerp(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    """Interpolate linearly from a to b, both [..., nz]. A number t gives [..., nz]; t [T] gives [T, ..., nz]."""
    times, a64, b64 = _prepare(a, b, t)
    return _with_exact_ends((1 - times) * a64 + times * b64, a, b, times)


def slerp(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    """Interpolate spherically from a to b, both [..., nz]. A number t gives [..., nz]; t [T] gives [T, ..., nz].

    A straight line between two latents passes closer to the origin than latents of the prior do (White, arXiv
    1609.04468). Here the direction rotates at constant speed and the norm changes linearly from ‖a‖ to ‖b‖. If both
    ends have the same direction, the path is a straight line. If they are opposite, it is a half circle whose plane
    depends on `a` alone. A zero end takes the direction of the other end.
    """
    times, a64, b64 = _prepare(a, b, t)
    return _with_exact_ends(arc(a64, b64, times), a, b, times)


def arc(a: Tensor, b: Tensor, times: Tensor) -> Tensor:
    """Compute slerp for times of any shape that broadcasts against a and b [..., nz]."""
    a_length, b_length = (v.norm(dim=-1, keepdim=True) for v in (a, b))
    u = unit(torch.where(a_length > 0, a, b))
    v = unit(torch.where(b_length > 0, b, a))
    angle, across = turn(u, v)
    direction = torch.cos(angle * times) * u + torch.sin(angle * times) * across
    path: Tensor = direction * ((1 - times) * a_length + times * b_length)
    return path


def turn(u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return the rotation from u to v, unit vectors [..., nz]: the angle [..., 1] and the unit vector orthogonal to u.

    For opposite u and v every plane is possible; the one chosen depends on the line through them alone.
    """
    cosine = (u * v).sum(-1, keepdim=True)
    across = v - cosine * u
    sine = across.norm(dim=-1, keepdim=True)
    # The textbook formula divides by the sine everywhere; this divides only where the sine is not zero.
    across = torch.where(sine > 1e-7, across / sine.clamp_min(1e-7), _perpendicular(u))
    return torch.atan2(sine, cosine), across


def unit(v: Tensor) -> Tensor:
    """Scale v [..., nz] to norm 1; zero stays zero."""
    length: Tensor = v.norm(dim=-1, keepdim=True)
    return v / length.clamp_min(1e-300)


def _prepare(a: Tensor, b: Tensor, t: float | Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the times, shaped to broadcast against [..., nz], and both ends in double precision."""
    assert a.shape == b.shape, (a.shape, b.shape)
    times = torch.as_tensor(t, dtype=torch.float64, device=a.device)
    if times.ndim > 0:
        times = times.reshape(-1, *[1] * a.ndim)
    return times, a.double(), b.double()


def _with_exact_ends(path: Tensor, a: Tensor, b: Tensor, times: Tensor) -> Tensor:
    return torch.where(times == 0, a, torch.where(times == 1, b, path.to(a.dtype)))


def _perpendicular(u: Tensor) -> Tensor:
    """Return a unit vector orthogonal to u: the axis with u's smallest component, projected. Zero if nz is 1."""
    axis = torch.zeros_like(u).scatter_(-1, u.abs().argmin(-1, keepdim=True), 1.0)
    return unit(axis - (axis * u).sum(-1, keepdim=True) * u)
