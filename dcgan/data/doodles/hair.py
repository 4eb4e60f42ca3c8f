"""Draw the hair behind the head and the hair on it."""

from __future__ import annotations

import numpy as np

from dcgan.data.doodles.palette import Colour
from dcgan.data.doodles.pen import Pen
from dcgan.data.doodles.person import Person
from dcgan.data.doodles.shapes import Controls, Points, closed_curve, ellipse, flipped, mirrored, stroke

BEHIND = -0.3  # depth of the hair behind the head
HAT_LINE = -0.5  # above this line a hat presses the hair flat

# Outlines of the hair behind the head: right halves, from top to bottom.
BACK: dict[str, Controls] = {
    "bob": ((0, -1.22), (0.72, -1.05), (1.16, -0.5), (1.28, 0.2), (1.3, 0.72), (0.95, 0.98), (0, 0.95)),
    "long": ((0, -1.22), (0.72, -1.05), (1.14, -0.5), (1.22, 0.3), (1.32, 1.1), (1.36, 1.75), (0.8, 2.0), (0, 2.0)),
}

# Outline of the hair on the head: the outer edge, the same for all styles, and the hairline from the right ear to the
# left one, or only to the middle for symmetric styles.
SKULL: Controls = ((-1.08, -0.4), (-0.68, -1.04), (0, -1.24), (0.68, -1.04), (1.08, -0.4))
HAIRLINE: dict[str, Controls] = {
    "crop": ((1.04, 0.05), (0.9, 0.0), (0.84, -0.4), (0.45, -0.56), (0, -0.58)),
    "parted": (
        *((1.05, 0.05), (0.93, 0.0), (0.87, -0.14), (0.56, -0.3), (0.04, -0.52)),
        *((-0.42, -0.84), (-0.6, -0.62), (-0.86, -0.42), (-0.92, 0.0), (-1.05, 0.05)),
    ),
    "curly": ((1.1, 0.2), (0.92, 0.12), (0.84, -0.35), (0.45, -0.62), (0, -0.66)),
    "bob": ((1.14, 0.62), (0.9, 0.62), (0.86, -0.1), (0.72, -0.42), (0, -0.38)),
    "long": ((1.14, 0.75), (0.92, 0.72), (0.84, 0.0), (0.52, -0.46), (0, -0.88)),
    "bun": ((1.03, 0.0), (0.95, -0.08), (0.84, -0.45), (0.45, -0.7), (0, -0.76)),
    "pigtails": ((1.05, 0.0), (0.94, 0.02), (0.84, -0.28), (0.45, -0.44), (0, -0.74)),
}
SPIKES: Controls = (
    *((-1.0, 0.15), (-1.3, -0.1), (-1.12, -0.4), (-1.4, -0.72), (-1.0, -0.86), (-1.06, -1.3), (-0.58, -1.14)),
    *((-0.32, -1.54), (0.0, -1.2), (0.36, -1.56), (0.56, -1.14), (1.04, -1.3), (1.0, -0.86), (1.4, -0.72)),
    *((1.12, -0.4), (1.3, -0.1), (1.0, 0.15), (0.9, -0.3), (0.7, -0.32), (0.5, -0.62), (0.26, -0.34), (0.04, -0.64)),
    *((-0.18, -0.34), (-0.46, -0.62), (-0.66, -0.32), (-0.9, -0.3)),
)
# Centres of the curls: of the right half, from the top of the head to its side, and of the whole fringe.
CURLS: Controls = ((0.0, -1.34), (0.47, -1.24), (0.86, -0.96), (1.08, -0.54), (1.11, -0.06), (0.95, 0.32))
FRINGE_CURLS = ((-0.84, -0.42), (-0.56, -0.72), (-0.2, -0.86), (0.2, -0.86), (0.56, -0.72), (0.84, -0.42))
PIGTAIL: Controls = ((1.0, -0.3), (1.26, -0.42), (1.5, -0.12), (1.54, 0.42), (1.36, 0.92), (1.16, 0.6), (1.1, 0.15))
SHINE: Controls = ((-0.72, -0.72), (-0.48, -0.94), (-0.15, -1.04), (0.1, -1.05))


def _cap(hair: str) -> Controls:
    """Return the outline of the hair on the head."""
    line = HAIRLINE[hair]
    return (*SKULL, *line, *flipped(line[-2::-1])) if line[-1][0] == 0 else (*SKULL, *line)


def press_under_hat(points: Points, person: Person) -> Points:
    """Move points above HAT_LINE inwards to the skull, if the person wears a hat other than a crown."""
    if person.hat in ("none", "crown"):
        return points
    reach = np.hypot(points[:, 0] / person.width, points[:, 1])
    share = np.clip((HAT_LINE + 0.3 - points[:, 1]) / 0.3, 0.0, 1.0)
    shrink = 1 - share * (1 - np.minimum(1.0, 1.04 / np.maximum(reach, 1e-6)))
    squeezed: Points = points * shrink[:, None]
    return squeezed


def draw_hair_back(pen: Pen, person: Person) -> None:
    colour = person.hair_shade
    if person.hair in BACK:
        _fill(pen, person, closed_curve(mirrored(BACK[person.hair])), colour, BEHIND)
    elif person.hair == "curly":
        _fill(pen, person, ellipse(0, -0.25, 1.2, 1.1), colour, BEHIND)
        for x, y in mirrored((*CURLS, CURLS[-1])):
            _fill(pen, person, ellipse(x, y, 0.36), colour, BEHIND)
    elif person.hair == "bun":
        _draw_bun(pen, person)
    elif person.hair == "pigtails":
        for controls in (PIGTAIL, flipped(PIGTAIL)):
            _fill(pen, person, closed_curve(controls), person.hair_colour, BEHIND)


def _draw_bun(pen: Pen, person: Person) -> None:
    """Draw a bun on top of the head, or at the neck if there is a hat."""
    x, y = (0.0, -1.3) if person.hat == "none" else (-1.16, 0.62)
    _fill(pen, person, ellipse(x, y, 0.4, 0.36), person.hair_shade, BEHIND)
    _fill(pen, person, ellipse(x - 0.03, y - 0.04, 0.33, 0.28), person.hair_colour, BEHIND)


def draw_hair_front(pen: Pen, person: Person) -> None:
    """Draw the hair on the head, and its shadow on the forehead."""
    colour = person.hair_colour
    if person.hair == "bald":
        for side in (-1, 1):
            _fill(pen, person, ellipse(side * 1.02, -0.2, 0.17, 0.27), colour, 0)
            _fill(pen, person, ellipse(side * 1.1, 0.0, 0.15, 0.19), colour, 0)
        return
    shape = np.asarray(SPIKES) if person.hair == "spiky" else closed_curve(_cap(person.hair))
    _fill(pen, person, _shadow_shape(shape), person.skin_shade, None, alpha=0.7)
    _fill(pen, person, shape, colour, None)
    if person.hair == "curly":
        for x, y in FRINGE_CURLS:
            _fill(pen, person, ellipse(x, y, 0.3, 0.28), colour, None)
    if person.hair == "pigtails":
        for side in (-1, 1):
            pen.fill(ellipse(side * 1.1 * person.width, -0.24, 0.13, 0.16), person.shirt_colour, depth=0)
    _shine(pen, person)


def _shadow_shape(shape: Points) -> Points:
    """Return the shape of the hair's shadow: lower on the forehead, unchanged beside the face."""
    shade: Points = shape.copy()
    shade[:, 1] += np.clip(0.3 - shape[:, 1], 0.0, 0.3) * 0.3 * (np.abs(shape[:, 0]) < 0.95)
    return shade


def _shine(pen: Pen, person: Person) -> None:
    _fill(pen, person, stroke(SHINE, 0.12), person.hair_light, None, alpha=0.8)


def _fill(pen: Pen, person: Person, points: Points, colour: Colour, depth: float | None, alpha: float = 1.0) -> None:
    """Fill a shape that is defined for a head of width 1, scaled to this head and press_under_hat under its hat."""
    pen.fill(press_under_hat(points * (person.width, 1), person), colour, depth, alpha)
