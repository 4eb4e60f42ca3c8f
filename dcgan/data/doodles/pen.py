"""A pose that puts the head's coordinates onto a picture, and a pen that fills shapes there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from PIL import Image, ImageDraw

from dcgan.data.doodles.palette import Colour
from dcgan.data.doodles.shapes import Controls, Points, ribbon

NECK = 0.9  # the head tilts about the point (0, NECK)


@dataclass(frozen=True)
class Pose:
    """From the head's coordinates to pixels.

    `scale` is pixels per unit, (x, y) the pixel of the head's centre, `turn` the sine of the turn to the right,
    `tilt` in radians, `width` the head's half width in units.
    """

    scale: float
    x: float
    y: float
    turn: float = 0.0
    tilt: float = 0.0
    width: float = 1.0

    @cached_property
    def _matrix(self) -> Points:
        cos, sin = math.cos(self.tilt) * self.scale, math.sin(self.tilt) * self.scale
        return np.array(((cos, sin), (-sin, cos)))

    @cached_property
    def _origin(self) -> Points:
        return np.array((self.x, self.y + NECK * self.scale)) - (0.0, NECK) @ self._matrix

    def place(self, points: Points, depth: float | None = None) -> Points:
        """Points [n, 2] → pixels [n, 2]. Points at a `depth` shift by it as the head turns (1: tip of the face,
        0: its outline, below 0: behind); without one they lie on the face, which is round."""
        origin = self._origin
        if depth is None:
            points = points.copy()
            across = points[:, 0] / self.width
            points[:, 0] += self.turn * self.width * np.sqrt(np.maximum(0.0, 1.0 - across * across))
        else:
            origin = origin + self.turn * depth * self._matrix[0]
        placed: Points = points @ self._matrix + origin
        return placed


@dataclass(frozen=True)
class Pen:
    """Draws filled shapes, given in the head's coordinates, onto one picture."""

    image: Image.Image
    pose: Pose
    solid: ImageDraw.ImageDraw
    glaze: ImageDraw.ImageDraw  # blends; slower

    @classmethod
    def on(cls, image: Image.Image, pose: Pose) -> Pen:
        return cls(image, pose, ImageDraw.Draw(image), ImageDraw.Draw(image, "RGBA"))

    def fill(self, points: Points, colour: Colour, depth: float | None = None, alpha: float = 1.0) -> None:
        """A filled shape."""
        self.polygon(self.pose.place(points, depth), colour, alpha)

    def line(self, points: Controls, width: float, colour: Colour, side: int = 1) -> None:
        """A line from point to point on the face; `side` -1 draws its mirror image."""
        self.fill(ribbon(np.array(points) * (side, 1), width), colour)

    def polygon(self, pixels: Points, colour: Colour, alpha: float = 1.0) -> None:
        """A filled shape whose points are in pixels."""
        if alpha >= 1.0:
            self.solid.polygon(pixels.ravel().tolist(), fill=colour)
        else:
            self.glaze.polygon(pixels.ravel().tolist(), fill=(*colour, round(255 * alpha)))


@cache
def radial_glow() -> Image.Image:
    """Black in the middle, white at the edges; not to be written to."""
    return Image.radial_gradient("L")


@cache
def ramp_down(side: int) -> Image.Image:
    """From black at the top to white at the bottom, [side, side]; not to be written to."""
    return Image.linear_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
