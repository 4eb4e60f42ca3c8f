"""A smooth curve through several latents: a spherical cubic for the direction, a monotone cubic for the norm.

A cubic through the latents themselves would pass near the origin, where pictures lose contrast. The direction is a
Bézier curve built from rotations (Shoemake, "Animating rotation with quaternion curves", SIGGRAPH 1985; it works in any
dimension). The norm stays between the norms of the two neighbouring points.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor

from dcgan.latent.paths import arc, turn, unit

# The speed at a point is at most this many times that of its slower stretch: more makes long stretches overshoot.
FASTEST = 1.5


def spline(points: Tensor, lengths: Tensor, stretch: int, t: Tensor, loop: bool = False) -> Tensor:
    """Return latents [T, nz] between points[stretch] and points[stretch + 1] of [K, nz], at times t [T] in 0 … 1.

    lengths [K - 1]: seconds of each stretch. Speed is continuous at every point. With `loop`, the last point repeats
    the first, and speed is continuous there too.
    """
    exact, points, times = points, points.double(), t.double()[:, None]
    directions, norms, seconds = _directions(points), points.norm(dim=-1), float(lengths[stretch])
    begin, end = directions[stretch], directions[stretch + 1]
    leave, arrive = (_velocity(directions, lengths, i, loop) * seconds / 3 for i in (stretch, stretch + 1))
    curve = _bezier(torch.stack([begin, _onward(begin, leave), _onward(end, -arrive), end]), times)
    slopes = [_slope(norms, lengths, i, loop) * seconds for i in (stretch, stretch + 1)]
    path = unit(curve) * _hermite(norms[stretch : stretch + 2], slopes, times)
    ends = torch.where(times == 0, exact[stretch], exact[stretch + 1])
    return torch.where((times == 0) | (times == 1), ends, path.to(exact.dtype))


def _directions(points: Tensor) -> Tensor:
    """Scale each point to norm 1. The origin has no direction and takes that of the point before it, or after it."""
    directions = unit(points)
    known = [i for i in range(len(points)) if bool(points[i].any())]
    for i in range(len(points)):
        if known and i not in known:
            directions[i] = directions[max((j for j in known if j < i), default=known[0])]
    return directions


def _neighbours(count: int, i: int, loop: bool) -> tuple[int | None, int | None]:
    """Return the stretches that end and begin at point i of `count` points; None where there is none."""
    before = i - 1 if i > 0 else (count - 2 if loop else None)
    after = i if i < count - 1 else (0 if loop else None)
    return before, after


def _velocity(directions: Tensor, lengths: Tensor, i: int, loop: bool) -> Tensor:
    """Return the angular velocity [nz] at point i, per second.

    It is the mean of the two stretches' velocities, weighted towards the shorter stretch and capped at FASTEST times
    the slower one.
    """
    before, after = _neighbours(len(directions), i, loop)
    speeds: list[Tensor] = []
    if before is not None:
        angle, across = turn(directions[i], directions[before])
        speeds.append(-angle * across / lengths[before])
    if after is not None:
        angle, across = turn(directions[i], directions[after + 1])
        speeds.append(angle * across / lengths[after])
    if before is None or after is None:
        return speeds[0]
    mean = (lengths[after] * speeds[0] + lengths[before] * speeds[1]) / (lengths[before] + lengths[after])
    most = FASTEST * torch.stack([speed.norm() for speed in speeds]).min()
    velocity: Tensor = mean * (most / mean.norm().clamp_min(1e-12)).clamp_max(1.0)
    return velocity


def _onward(u: Tensor, step: Tensor) -> Tensor:
    """Rotate the unit vector u [nz] by a step [nz] that is orthogonal to it (the exponential map of the sphere)."""
    angle = step.norm()
    return torch.cos(angle) * u + torch.sin(angle) * unit(step)


def _bezier(control: Tensor, times: Tensor) -> Tensor:
    """Evaluate De Casteljau's algorithm with slerp: control points [4, nz] and times [T, 1] give [T, nz]."""
    points: list[Tensor] = [point.expand(len(times), -1) for point in control]
    for _ in range(3):
        points = [arc(a, b, times) for a, b in itertools.pairwise(points)]
    return points[0]


def _slope(norms: Tensor, lengths: Tensor, i: int, loop: bool) -> Tensor:
    """Return the slope of the norm at point i, per second; zero at a local extremum (Fritsch and Butland 1984)."""
    slopes = (norms[1:] - norms[:-1]) / lengths
    before, after = (None if j is None else j for j in _neighbours(len(norms), i, loop))
    if before is None or after is None:
        return slopes[after if before is None else before]
    a, b, h, k = slopes[before], slopes[after], lengths[before], lengths[after]
    if float(a * b) <= 0:
        return torch.zeros_like(a)
    return 3 * (h + k) / ((2 * k + h) / a + (k + 2 * h) / b)


def _hermite(ends: Tensor, slopes: list[Tensor], t: Tensor) -> Tensor:
    """Evaluate the cubic with these two values and slopes at 0 and 1: [T, 1]."""
    r = 1 - t
    return r * r * ((1 + 2 * t) * ends[0] + t * slopes[0]) + t * t * ((1 + 2 * r) * ends[1] - r * slopes[1])
