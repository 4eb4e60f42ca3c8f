"""Draw hats, which cover the top of the head and follow its pose."""

from __future__ import annotations

import numpy as np

from dcgan.data.doodles.palette import Colour, lighter, shadow
from dcgan.data.doodles.pen import Pen
from dcgan.data.doodles.person import Person
from dcgan.data.doodles.shapes import Controls, Points, closed_curve, ellipse, mirrored, stroke

DOME: Controls = ((0, -1.36), (0.62, -1.22), (1.02, -0.82), (1.1, -0.5), (0.6, -0.46), (0, -0.45))
CUFF: Controls = ((0, -0.74), (0.7, -0.76), (1.12, -0.82), (1.2, -0.66), (1.15, -0.45), (0.7, -0.4), (0, -0.36))
VISOR: Controls = ((0, -0.62), (0.6, -0.58), (1.0, -0.46), (0.95, -0.32), (0.5, -0.38), (0, -0.38))
BOWL: Controls = ((0, -1.48), (0.58, -1.38), (0.86, -1.0), (0.92, -0.55), (0.5, -0.48), (0, -0.46))
POINTS = ((-0.86, -1.46), (-0.45, -1.1), (0.0, -1.58), (0.45, -1.1), (0.86, -1.46))
LIGHT: Controls = ((-0.72, -0.9), (-0.55, -1.12), (-0.3, -1.26))


def draw_hat(pen: Pen, person: Person) -> None:
    if person.hat == "beanie":
        _draw_beanie(pen, person)
    elif person.hat == "cap":
        _draw_cap(pen, person)
    elif person.hat == "bowler":
        _draw_bowler(pen, person)
    elif person.hat == "crown":
        _draw_crown(pen, person)


def _put(pen: Pen, person: Person, points: Points, colour: Colour, depth: float | None = 0.3) -> None:
    pen.fill(points * (person.width, 1), colour, depth)


def _tone(person: Person, colour: Colour) -> Colour:
    return lighter(colour, 0.1 * person.jitter.hat)


def _draw_beanie(pen: Pen, person: Person) -> None:
    wool, cuff = _tone(person, (226, 84, 74)), _tone(person, (250, 224, 190))
    _put(pen, person, ellipse(0, -1.42, 0.25, 0.23), cuff)
    _put(pen, person, closed_curve(mirrored(DOME)), wool)
    _put(pen, person, stroke(LIGHT, 0.13), lighter(wool, 0.3))
    _put(pen, person, closed_curve(mirrored(CUFF)), cuff, None)
    for x in (-0.75, -0.38, 0.0, 0.38, 0.75):
        _put(pen, person, stroke(((x, -0.68), (x, -0.47)), 0.06), shadow(cuff, 0.16), None)


def _draw_cap(pen: Pen, person: Person) -> None:
    cloth = _tone(person, (52, 108, 190))
    _put(pen, person, closed_curve(mirrored(DOME)), cloth)
    _put(pen, person, ellipse(0, -1.35, 0.13, 0.08), _tone(person, (250, 206, 70)))
    _put(pen, person, ellipse(0, -0.92, 0.26, 0.24), _tone(person, (250, 206, 70)), None)
    _put(pen, person, stroke(LIGHT, 0.13), lighter(cloth, 0.3))
    _put(pen, person, closed_curve(mirrored(VISOR)), shadow(cloth, 0.35), None)


def _draw_bowler(pen: Pen, person: Person) -> None:
    felt = _tone(person, (86, 62, 78))
    _put(pen, person, closed_curve(mirrored(BOWL)), felt)
    band = closed_curve(mirrored(((0, -0.86), (0.6, -0.88), (0.91, -0.92), (0.95, -0.6), (0.5, -0.5), (0, -0.48))))
    _put(pen, person, band, _tone(person, (236, 170, 60)), None)
    _put(pen, person, stroke(LIGHT, 0.13) * (0.85, 1) + (0, -0.06), lighter(felt, 0.3))
    _put(pen, person, ellipse(0, -0.53, 1.45, 0.17), shadow(felt, 0.25), 0.15)
    _put(pen, person, ellipse(0, -0.57, 1.43, 0.13), felt, 0.15)


def _draw_crown(pen: Pen, person: Person) -> None:
    gold = _tone(person, (250, 200, 50))
    base = ((0.8, -0.78), (0.4, -0.68), (0, -0.65), (-0.4, -0.68), (-0.8, -0.78))
    _put(pen, person, np.asarray((*POINTS, *base)), gold, None)
    band = ((0.8, -0.94), (0.4, -0.84), (0, -0.81), (-0.4, -0.84), (-0.8, -0.94))
    _put(pen, person, stroke(band, 0.07), shadow(gold, 0.3), None)
    for x, y, colour in ((-0.5, -1.02, (70, 170, 220)), (0.0, -1.04, (228, 62, 88)), (0.5, -1.02, (70, 170, 220))):
        _put(pen, person, ellipse(x, y, 0.11, 0.12), colour, None)
    for x, y in POINTS[::2]:
        _put(pen, person, ellipse(x, y, 0.1, 0.1), lighter(gold, 0.5), None)
