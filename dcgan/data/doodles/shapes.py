"""Shapes in coordinates of the head: arrays of points [n, 2].

x runs to the right, y down; the centre of the head is at (0, 0), its top at about y = -1, its chin at about y = 1, its
sides at about x = ±1. Shapes of constant control points are cached, and therefore read-only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Controls = tuple[tuple[float, float], ...]


def read_only(points: Points) -> Points:
    """Make the points read-only and return them."""
    points.setflags(write=False)
    return points


@cache
def _circle(n: int) -> Points:
    angle = np.arange(n) * (2 * math.pi / n)
    return read_only(np.stack([np.cos(angle), np.sin(angle)], axis=1))


def ellipse(x: float, y: float, rx: float, ry: float | None = None, n: int = 28) -> Points:
    """Return an ellipse around (x, y): [n, 2]."""
    around: Points = _circle(n) * (rx, rx if ry is None else ry) + np.array((x, y))
    return around


def box(x: float, y: float, rx: float, ry: float, n: int = 28) -> Points:
    """Return a box with round corners (a superellipse) around (x, y): [n, 2]."""
    circle = _circle(n)
    around: Points = np.sign(circle) * np.abs(circle) ** 0.5 * (rx, ry) + np.array((x, y))
    return around


@cache
def _spline_basis(steps: int) -> Points:
    """Return the Catmull–Rom weights of four neighbouring control points at `steps` positions: [steps, 4]."""
    t = np.arange(steps) / steps
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
    return read_only(np.stack(weights, axis=1) / 2)


@cache
def closed_curve(controls: Controls, steps: int = 6) -> Points:
    """Return a smooth closed curve through the control points (Catmull–Rom)."""
    points = np.asarray(controls)
    four = np.stack([np.roll(points, shift, axis=0) for shift in (1, 0, -1, -2)])
    return read_only(_between(four, steps))


@cache
def open_curve(controls: Controls, steps: int = 6) -> Points:
    """Return a smooth curve from the first control point to the last (Catmull–Rom)."""
    points = np.asarray((controls[0], *controls, controls[-1]))
    count = len(controls) - 1
    four = np.stack([points[k : k + count] for k in range(4)])
    return read_only(np.concatenate((_between(four, steps), points[-1:])))


def _between(four: Points, steps: int) -> Points:
    """Return the curve [n · steps, 2] of n segments, each with four control points: [4, n, 2]."""
    curve: Points = np.einsum("sk,knd->nsd", _spline_basis(steps), four)
    return curve.reshape(-1, 2)


def mirrored(right: Controls) -> Controls:
    """Return a whole outline from its right half, given from top to bottom with both ends on the axis."""
    return (*right, *((-x, y) for x, y in reversed(right[1:-1])))


def flipped(controls: Sequence[tuple[float, float]]) -> Controls:
    """Mirror control points left to right."""
    return tuple((-x, y) for x, y in controls)


@cache
def stroke(controls: Controls, width: float) -> Points:
    """Return the outline of a smooth line of this width through the control points, with round ends."""
    return read_only(ribbon(open_curve(controls), width))


@cache
def ring(rx: float, ry: float, width: float, square: bool = False) -> Points:
    """Return the outline of a line of this width along an ellipse (or box with round corners) around (0, 0)."""
    loop = box(0, 0, rx, ry, n=36) if square else ellipse(0, 0, rx, ry)
    return read_only(ribbon(np.concatenate((loop, loop[:2])), width))


def ribbon(line: Points, width: float) -> Points:
    """Return the outline of a line [n, 2] of this width, with round ends."""
    ahead = np.empty_like(line)
    ahead[1:-1] = line[2:] - line[:-2]
    ahead[0], ahead[-1] = line[1] - line[0], line[-1] - line[-2]
    ahead *= (width / 2) / np.maximum(1e-9, np.hypot(ahead[:, 0], ahead[:, 1]))[:, None]
    normal = ahead[:, ::-1] * (-1, 1)
    cap = _circle(12)[1:6]
    end = cap @ np.stack((normal[-1], ahead[-1])) + line[-1]
    start = cap @ np.stack((-normal[0], -ahead[0])) + line[0]
    return np.concatenate((line + normal, end, (line - normal)[::-1], start))
