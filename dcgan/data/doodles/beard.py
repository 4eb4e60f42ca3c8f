"""Draw beards, which follow the outline and pose of the head."""

from __future__ import annotations

import numpy as np

from dcgan.data.doodles.head import jaw_shift, outline
from dcgan.data.doodles.pen import Pen
from dcgan.data.doodles.person import Person
from dcgan.data.doodles.shapes import closed_curve, ellipse, mirrored, open_curve

MOUSTACHE = closed_curve(
    mirrored(((0, 0.47), (0.18, 0.43), (0.4, 0.52), (0.58, 0.42), (0.5, 0.61), (0.24, 0.66), (0, 0.58)))
)
# Upper edge of a full beard from the right ear to the left one, over the moustache.
CHEEK_EDGE = ((0.97, 0.1), (0.86, 0.4), (0.55, 0.5), (0.25, 0.44), (0, 0.47))


def draw_beard(pen: Pen, person: Person) -> None:
    """Draw the part that lies below the mouth; `draw_moustache` draws over the mouth."""
    if person.beard == "goatee":
        _draw_goatee(pen, person)
    elif person.beard == "full":
        _draw_full(pen, person)


def draw_moustache(pen: Pen, person: Person) -> None:
    if person.beard == "moustache":
        pen.fill(MOUSTACHE, person.hair_colour)


def _draw_goatee(pen: Pen, person: Person) -> None:
    chin = float(outline(person)[:, 1].max())
    shape = closed_curve(mirrored(((0, 0.89), (0.28, 0.84), (0.38, 0.96), (0.22, chin + 0.1), (0, chin + 0.2))))
    pen.fill(jaw_shift(shape, pen.pose.turn * 0.6), person.hair_colour, depth=0.5)


def _draw_full(pen: Pen, person: Person) -> None:
    """Draw a full beard: from ear to ear, slightly wider than the jaw, up to the moustache, without the mouth."""
    edge = outline(person)
    jaw = edge[edge[:, 1] > CHEEK_EDGE[0][1]]
    jaw = jaw[np.argsort(np.arctan2(jaw[:, 1], jaw[:, 0]))]
    cheeks = open_curve((*((-x, y) for x, y in CHEEK_EDGE), *CHEEK_EDGE[-2::-1])) * (person.width, 1)
    below = pen.pose.place(jaw_shift(jaw * (1.06, 1.1), pen.pose.turn), depth=0)
    pen.polygon(np.concatenate((below, pen.pose.place(cheeks))), person.hair_colour)
    pen.fill(ellipse(0, 0.72, 0.38, 0.2), person.skin_shade)
