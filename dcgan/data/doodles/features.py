"""Draw eyes, brows, mouth and glasses."""

from __future__ import annotations

import numpy as np

from dcgan.data.doodles.palette import INK, LIP, TONGUE, WHITE, Colour, mix, shadow
from dcgan.data.doodles.pen import Pen
from dcgan.data.doodles.person import Person
from dcgan.data.doodles.shapes import Controls, Points, box, closed_curve, ellipse, ring, stroke

EYE_Y = 0.1
HAPPY: Controls = ((-0.23, 0.1), (-0.13, -0.09), (0.0, -0.14), (0.13, -0.09), (0.23, 0.1))
UPPER_RIM: Controls = ((-0.235, 0.0), (-0.166, -0.184), (0.0, -0.26), (0.166, -0.184), (0.235, 0.0))
LID_EDGE: Controls = ((-0.26, 0.0), (0.0, 0.03), (0.26, 0.0))

MOUTH_Y = 0.7
SMILE: Controls = ((-0.32, -0.05), (-0.18, 0.08), (0.0, 0.125), (0.18, 0.08), (0.32, -0.05))
SMIRK: Controls = ((-0.2, 0.06), (0.02, 0.07), (0.18, 0.0), (0.34, -0.16))
FROWN: Controls = ((-0.26, 0.11), (-0.14, -0.02), (0.0, -0.06), (0.14, -0.02), (0.26, 0.11))
LAUGH: Controls = ((-0.36, -0.12), (0.0, -0.09), (0.36, -0.12), (0.3, 0.1), (0.0, 0.27), (-0.3, 0.1))
GRIN: Controls = ((-0.34, -0.08), (0.0, -0.05), (0.34, -0.08), (0.27, 0.1), (0.0, 0.17), (-0.27, 0.1))

# The right brow from its inner to its outer end.
BROWS: dict[str, Controls] = {
    "flat": ((-0.24, 0.02), (0.0, -0.01), (0.24, 0.02)),
    "raised": ((-0.23, -0.03), (-0.08, -0.17), (0.1, -0.18), (0.25, 0.0)),
    "stern": ((-0.25, 0.14), (0.0, 0.02), (0.24, -0.1)),
    "worried": ((-0.22, -0.18), (0.0, -0.06), (0.25, 0.08)),
}

FRAME: dict[str, Colour] = {"round": (46, 42, 60), "square": (196, 44, 60), "tinted": (226, 160, 40)}
LENS_Y = EYE_Y + 0.02


def eye_x(person: Person) -> float:
    """Return the distance of each eye from the middle."""
    return (0.41 + 0.025 * person.jitter.eye_gap) * (0.5 + 0.5 * person.width)


def draw_eyes(pen: Pen, person: Person) -> None:
    size = 1 + 0.08 * person.jitter.eye_size
    for side in (-1, 1):
        x = side * eye_x(person)
        if person.eyes == "dots":
            _draw_dot(pen, x, size)
        elif person.eyes == "happy" or (person.eyes == "wink" and side > 0):
            pen.fill(stroke(HAPPY, 0.11) * size + (x, EYE_Y + 0.04), INK)
        else:
            _draw_open_eye(pen, person, x, size)
            if person.eyes == "sleepy":
                _draw_lid(pen, person, x, size)
            else:
                pen.fill(stroke(UPPER_RIM, 0.06) * size + (x, EYE_Y), INK)


def _draw_dot(pen: Pen, x: float, size: float) -> None:
    pen.fill(ellipse(x, EYE_Y, 0.15 * size, 0.2 * size), INK)
    pen.fill(ellipse(x - 0.05, EYE_Y - 0.07, 0.06, 0.07), WHITE)
    pen.fill(ellipse(x + 0.05, EYE_Y + 0.08, 0.03), WHITE, alpha=0.7)


def _draw_open_eye(pen: Pen, person: Person, x: float, size: float) -> None:
    look = x + 0.045 * person.jitter.gaze
    pen.fill(ellipse(x, EYE_Y, 0.235 * size, 0.26 * size), WHITE)
    pen.fill(ellipse(look, EYE_Y + 0.02, 0.15 * size, 0.165 * size), person.iris_colour)
    pen.fill(ellipse(look, EYE_Y + 0.02, 0.095 * size, 0.11 * size), INK)
    pen.fill(ellipse(look - 0.06, EYE_Y - 0.05, 0.055, 0.06), WHITE)


def _draw_lid(pen: Pen, person: Person, x: float, size: float) -> None:
    lid = ellipse(x, EYE_Y, 0.255 * size, 0.28 * size)
    lid[:, 1] = lid[:, 1].clip(max=EYE_Y + 0.02)
    pen.fill(lid, mix(person.skin_shade, (190, 110, 130), 0.15))
    pen.fill(stroke(LID_EDGE, 0.08) * size + (x, EYE_Y + 0.01), INK)


def draw_brows(pen: Pen, person: Person) -> None:
    colour = mix(shadow(person.hair_colour, 0.3), INK, 0.15)
    line = stroke(BROWS[person.brows], 0.12)
    y = EYE_Y - 0.4 - 0.025 * person.jitter.brow
    for side in (-1, 1):
        pen.fill(line * (side, 1) + (side * (eye_x(person) + 0.01), y), colour)


def draw_mouth(pen: Pen, person: Person) -> None:
    size = (1 + 0.1 * person.jitter.mouth_width, 1 + 0.15 * person.jitter.mouth_open)
    lip = mix(LIP, shadow(person.skin_colour, 0.6), 0.5)

    def put(shape: Points, colour: Colour) -> None:
        pen.fill(shape * size + (0.0, MOUTH_Y), colour)

    if person.mouth == "smile":
        put(stroke(SMILE, 0.095), lip)
    elif person.mouth == "smirk":
        put(stroke(SMIRK, 0.1), lip)
    elif person.mouth == "frown":
        put(stroke(FROWN, 0.1), lip)
    elif person.mouth == "oh":
        put(ellipse(0, 0.02, 0.16, 0.19), lip)
        put(ellipse(0, 0.03, 0.1, 0.13), shadow(LIP, 0.6))
    elif person.mouth == "laugh":
        put(closed_curve(LAUGH), shadow(LIP, 0.45))
        put(ellipse(0, 0.14, 0.17, 0.085), TONGUE)
    else:
        put(closed_curve(GRIN) * 1.2, lip)
        put(closed_curve(GRIN) * (0.98, 0.85), WHITE)


def draw_glasses(pen: Pen, person: Person) -> None:
    kind = person.glasses
    if kind == "none":
        return
    gap = eye_x(person)
    square = kind == "square"
    rim = ring(0.33, 0.29, 0.08, square=True) if square else ring(0.33, 0.34, 0.08)
    for side in (-1, 1):
        x = side * gap
        lens = box(x, LENS_Y, 0.33, 0.29) if square else ellipse(x, LENS_Y, 0.33, 0.34)
        if kind == "tinted":
            pen.fill(lens, (60, 52, 90), alpha=0.5)
        else:
            pen.fill(lens, WHITE, alpha=0.18)
        arm = ((gap + 0.3, LENS_Y - 0.06), (person.width, LENS_Y - 0.04))
        pen.line(arm, 0.06, FRAME[kind], side)
        pen.fill(rim + np.array((x, LENS_Y)), FRAME[kind])
    pen.line(((-gap + 0.31, LENS_Y - 0.05), (0.0, LENS_Y - 0.12), (gap - 0.31, LENS_Y - 0.05)), 0.08, FRAME[kind])
