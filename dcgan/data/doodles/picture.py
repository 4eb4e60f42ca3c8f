"""Draw one face: all layers in order, from the background to the hat."""

from __future__ import annotations

import random
from collections.abc import Mapping

from PIL import Image

from dcgan.data.doodles.beard import draw_beard, draw_moustache
from dcgan.data.doodles.features import draw_brows, draw_eyes, draw_glasses, draw_mouth
from dcgan.data.doodles.hair import draw_hair_back, draw_hair_front
from dcgan.data.doodles.hats import draw_hat
from dcgan.data.doodles.head import draw_background, draw_body, draw_head, draw_nose
from dcgan.data.doodles.pen import Pen
from dcgan.data.doodles.person import Person

SUPERSAMPLING = 3  # each pixel is the mean of 3 × 3


def draw(factors: Mapping[str, int], jitter: random.Random, size: int) -> Image.Image:
    """Draw one face as an RGB image [size, size].

    factors: index of each factor's value in FACTORS; jitter: random generator of the small differences. The same
    factors and generator state give the same face at every size.
    """
    person = Person.of(factors, jitter)
    side = size * SUPERSAMPLING
    image = draw_background(person, side)
    pen = Pen.on(image, person.pose(side))
    draw_hair_back(pen, person)
    draw_body(pen, person)
    draw_head(pen, person)
    draw_beard(pen, person)
    draw_eyes(pen, person)
    draw_mouth(pen, person)
    draw_moustache(pen, person)
    draw_hair_front(pen, person)
    draw_nose(pen, person)
    draw_brows(pen, person)
    draw_glasses(pen, person)
    draw_hat(pen, person)
    return image.reduce(SUPERSAMPLING)
