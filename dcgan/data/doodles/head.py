"""Draw background, body, head, ears and nose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from dcgan.data.doodles.palette import Colour, lighter, mix, shadow
from dcgan.data.doodles.pen import Pen, radial_glow, ramp_down
from dcgan.data.doodles.person import Person
from dcgan.data.doodles.shapes import Controls, Points, box, closed_curve, ellipse, mirrored

# Right half of the outline of each kind of head, from top to chin.
OUTLINE: dict[str, Controls] = {
    "round": ((0, -1.0), (0.56, -0.86), (0.93, -0.42), (1.0, 0.12), (0.9, 0.58), (0.54, 0.93), (0, 1.05)),
    "oval": ((0, -1.03), (0.5, -0.88), (0.8, -0.45), (0.86, 0.1), (0.75, 0.62), (0.42, 1.0), (0, 1.13)),
    "square": ((0, -1.0), (0.56, -0.88), (0.88, -0.45), (0.93, 0.1), (0.93, 0.6), (0.74, 0.94), (0.4, 1.03), (0, 1.04)),
    "pointed": ((0, -1.0), (0.56, -0.86), (0.95, -0.42), (1.0, 0.02), (0.78, 0.48), (0.36, 0.9), (0, 1.1)),
}


HIDES_EARS = ("bob", "long")


def outline(person: Person) -> Points:
    """Return the outline of the head seen from the front: [n, 2]."""
    return closed_curve(mirrored(OUTLINE[person.head]))


def jaw_shift(points: Points, turn: float) -> Points:
    """Shift points below the middle of the head in the direction of its turn."""
    moved: Points = points.copy()
    moved[:, 0] += 0.45 * turn * np.maximum(0.0, points[:, 1])
    return moved


def draw_background(person: Person, side: int) -> Image.Image:
    """Draw the background, lighter towards the top."""
    colour = person.background_colour
    top, bottom = lighter(colour, 0.25), shadow(colour, 0.1)
    ramp = ramp_down(side)
    return Image.composite(Image.new("RGB", ramp.size, bottom), Image.new("RGB", ramp.size, top), ramp)


def draw_body(pen: Pen, person: Person) -> None:
    """Draw neck and shoulders, which stay upright when the head is tilted."""
    still = replace(pen.pose, tilt=pen.pose.tilt * 0.25, turn=pen.pose.turn * 0.5)
    body = replace(pen, pose=still)
    wide = 1.28 + 0.06 * person.jitter.shoulders
    shirt = person.shirt_colour
    body.fill(box(0, 2.14, wide, 0.98), shirt, depth=0)
    body.fill(ellipse(0, 1.22, 0.52, 0.25), shadow(shirt, 0.22), depth=0)
    body.fill(box(0, 1.0, 0.34, 0.4), person.skin_shade, depth=0)
    body.fill(ellipse(0, 1.24, 0.36, 0.19), person.skin_shade, depth=0)


def draw_head(pen: Pen, person: Person) -> None:
    """Draw the ears, the head with soft light from the upper left, and the blush."""
    if person.hair not in HIDES_EARS:
        _draw_ears(pen, person)
    shape = jaw_shift(outline(person), pen.pose.turn)
    pen.fill(shape, person.skin_colour, depth=0)
    _shade(pen, shape, person.skin_shade)
    _draw_blush(pen, person)


def _draw_ears(pen: Pen, person: Person) -> None:
    for side in (-1, 1):
        hidden = max(0.0, side * pen.pose.turn)
        x = side * (person.width + 0.03 - 0.5 * hidden)
        pen.fill(ellipse(x, 0.16, 0.2, 0.26), person.skin_colour, depth=0)
        pen.fill(ellipse(x + side * 0.03, 0.17, 0.1, 0.15), person.skin_shade, depth=0)


def _shade(pen: Pen, shape: Points, colour: Colour) -> None:
    """Draw a soft shadow on the side away from the light, inside the outline."""
    placed = pen.pose.place(shape, 0)
    left, top = np.floor(placed.min(axis=0)).astype(int).tolist()
    right, bottom = (np.ceil(placed.max(axis=0)).astype(int) + 1).tolist()
    size = (right - left, bottom - top)
    inside = Image.new("L", size)
    ImageDraw.Draw(inside).polygon((placed - (left, top)).ravel().tolist(), fill=255)
    # bright in the upper left, darker around it
    glow = radial_glow().resize(size, Image.Resampling.BILINEAR, box=(70, 72, 236, 236))
    pen.image.paste(colour, (left, top, right, bottom), ImageChops.multiply(inside, glow))


def _draw_blush(pen: Pen, person: Person) -> None:
    rosy = mix(person.skin_colour, (240, 70, 80), 0.42)
    alpha = 0.5 + 0.15 * person.jitter.blush
    for side in (-1, 1):
        x = side * 0.6 * person.width
        for size in (1.0, 0.7):
            pen.fill(ellipse(x, 0.46, 0.2 * size, 0.14 * size), rosy, alpha=alpha * 0.6)


def draw_nose(pen: Pen, person: Person) -> None:
    """Draw a small round nose, which moves most when the head turns."""
    size = 1 + 0.15 * person.jitter.nose
    colour = mix(person.skin_shade, (226, 92, 80), 0.28)
    pen.fill(ellipse(0, 0.38, 0.13 * size, 0.1 * size), colour, depth=1.2)
    pen.fill(ellipse(-0.03, 0.35, 0.05 * size, 0.035 * size), lighter(person.skin_colour, 0.4), depth=1.2, alpha=0.8)
