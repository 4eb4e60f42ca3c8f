"""The pose of a head, which maps its coordinates to pixels, and a pen that fills shapes in them."""

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
    """Maps coordinates of the head to pixels.

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
        """Map points [n, 2] to pixels [n, 2].

        depth: how far points shift when the head turns (1 tip of the nose, 0 outline of the head, negative behind it);
        None for points on the surface of the face, which is round.
        """
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
    """Fills shapes, given in coordinates of the head, in one picture."""

    image: Image.Image
    pose: Pose
    solid: ImageDraw.ImageDraw
    glaze: ImageDraw.ImageDraw  # draws with transparency, more slowly

    @classmethod
    def on(cls, image: Image.Image, pose: Pose) -> Pen:
        return cls(image, pose, ImageDraw.Draw(image), ImageDraw.Draw(image, "RGBA"))

    def fill(self, points: Points, colour: Colour, depth: float | None = None, alpha: float = 1.0) -> None:
        """Fill a shape, given in coordinates of the head."""
        self.polygon(self.pose.place(points, depth), colour, alpha)

    def line(self, points: Controls, width: float, colour: Colour, side: int = 1) -> None:
        """Draw a line through points on the face; a `side` of -1 draws its mirror image."""
        self.fill(ribbon(np.array(points) * (side, 1), width), colour)

    def polygon(self, pixels: Points, colour: Colour, alpha: float = 1.0) -> None:
        """Fill a shape, given in pixels."""
        if alpha >= 1.0:
            self.solid.polygon(pixels.ravel().tolist(), fill=colour)
        else:
            self.glaze.polygon(pixels.ravel().tolist(), fill=(*colour, round(255 * alpha)))


@cache
def radial_glow() -> Image.Image:
    """Return a radial gradient, black in the middle and white at the edges. Do not modify it: it is cached."""
    return Image.radial_gradient("L")


@cache
def ramp_down(side: int) -> Image.Image:
    """Return a gradient [side, side], black at the top. Do not modify it: it is cached."""
    return Image.linear_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
