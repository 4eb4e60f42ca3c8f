"""Paths between latents, and when each frame of a film is on them."""

from __future__ import annotations

import torch
from torch import Tensor

MODES = ("slerp", "lerp")


def lerp(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    """The straight way from a to b, both [..., nz]. t is a number → [..., nz], or [T] → [T, ..., nz]."""
    times, a64, b64 = _prepare(a, b, t)
    return _with_exact_ends((1 - times) * a64 + times * b64, a, b, times)


def slerp(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    """The way along the sphere from a to b, both [..., nz]. t is a number → [..., nz], or [T] → [T, ..., nz].

    A straight line passes nearer to the origin than G has ever seen a latent (White, arXiv 1609.04468). Here the
    direction turns at an even pace and the length goes evenly from ‖a‖ to ‖b‖. Ends of the same direction give a
    straight line, opposite ones a half circle whose side depends on `a` alone, and a zero end takes the other's
    direction.
    """
    times, a64, b64 = _prepare(a, b, t)
    a_length, b_length = (v.norm(dim=-1, keepdim=True) for v in (a64, b64))
    u = _unit(torch.where(a_length > 0, a64, b64))
    v = _unit(torch.where(b_length > 0, b64, a64))
    cosine = (u * v).sum(-1, keepdim=True)
    across = v - cosine * u
    sine = across.norm(dim=-1, keepdim=True)
    # The classic formula divides by the sine; a unit vector across needs that only where there is a sine.
    across = torch.where(sine > 1e-7, across / sine.clamp_min(1e-7), _perpendicular(u))
    angle = torch.atan2(sine, cosine) * times
    direction = torch.cos(angle) * u + torch.sin(angle) * across
    return _with_exact_ends(direction * ((1 - times) * a_length + times * b_length), a, b, times)


def walk(keyframes: Tensor, t: Tensor, mode: str = "slerp", loop: bool = False) -> Tensor:
    """Latents [T, nz] on the way through all keyframes [K, nz], at times t [T] in 0 … 1; each stretch takes as long.

    With `loop` one more stretch leads from the last keyframe back to the first, which is reached at t = 1.
    """
    assert mode in MODES, mode
    assert keyframes.ndim == 2 and len(keyframes) > 0, keyframes.shape
    ring = torch.cat([keyframes, keyframes[:1]]) if loop else keyframes
    stretches = len(ring) - 1
    if stretches == 0:
        return keyframes.expand(len(t), -1).clone()
    place = t.double().clamp(0, 1) * stretches
    start = place.floor().long().clamp_max(stretches - 1)
    way = slerp if mode == "slerp" else lerp
    points = [way(ring[i], ring[i + 1], float(rest)) for i, rest in zip(start.tolist(), place - start, strict=True)]
    return torch.stack(points) if points else keyframes[:0]


def frame_count(seconds: float, fps: float) -> int:
    """How many frames a film of this length has; at least one."""
    return max(1, round(seconds * fps))


def frame_times(seconds: float, fps: float, loop: bool = False) -> Tensor:
    """When each frame is on its path, float64 [frames] in 0 … 1.

    An open film begins at 0 and ends at 1. A loop ends one step before 1, where its first frame follows.
    """
    count = frame_count(seconds, fps)
    if loop or count == 1:
        return torch.arange(count, dtype=torch.float64) / count
    return torch.linspace(0, 1, count, dtype=torch.float64)


def _prepare(a: Tensor, b: Tensor, t: float | Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The times shaped to broadcast against [..., nz], and both ends in double precision."""
    assert a.shape == b.shape, (a.shape, b.shape)
    times = torch.as_tensor(t, dtype=torch.float64, device=a.device)
    if times.ndim > 0:
        times = times.reshape(-1, *[1] * a.ndim)
    return times, a.double(), b.double()


def _with_exact_ends(path: Tensor, a: Tensor, b: Tensor, times: Tensor) -> Tensor:
    return torch.where(times == 0, a, torch.where(times == 1, b, path.to(a.dtype)))


def _unit(v: Tensor) -> Tensor:
    length: Tensor = v.norm(dim=-1, keepdim=True)
    return v / length.clamp_min(1e-300)


def _perpendicular(u: Tensor) -> Tensor:
    """A unit vector at right angles to u: the axis that u follows least, minus what u has of it. Zero if nz is 1."""
    axis = torch.zeros_like(u).scatter_(-1, u.abs().argmin(-1, keepdim=True), 1.0)
    return _unit(axis - (axis * u).sum(-1, keepdim=True) * u)
