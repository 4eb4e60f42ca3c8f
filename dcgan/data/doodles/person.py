"""One person: the value of each factor, and small random differences (jitter) that make each picture unique."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from dcgan.data.doodles.factors import FACTORS
from dcgan.data.doodles.palette import BACKGROUND, HAIR, SKIN, Colour, lighter, mix, shadow
from dcgan.data.doodles.pen import Pose

TURN = {"left": -0.25, "front": 0.0, "right": 0.25}
TILT = {"left": -0.15, "upright": 0.0, "right": 0.15}
# half width of each kind of head, in its coordinates
WIDTH = {"round": 1.0, "oval": 0.86, "square": 0.94, "pointed": 1.0}


@dataclass(frozen=True)
class Jitter:
    """Continuous differences, each uniform in [-1, 1), sampled in this order."""

    x: float
    y: float
    zoom: float
    turn: float
    tilt: float
    pitch: float
    skin: float
    hair: float
    hat: float
    background: float
    shirt: float
    iris: float
    blush: float
    eye_gap: float
    eye_size: float
    gaze: float
    brow: float
    nose: float
    mouth_width: float
    mouth_open: float
    shoulders: float

    @classmethod
    def from_random(cls, rng: random.Random) -> Jitter:
        return cls(**{name: 2 * rng.random() - 1 for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Person:
    """What the drawing functions need: the factors' values by name, colours and jitter."""

    head: str
    hair: str
    eyes: str
    brows: str
    mouth: str
    glasses: str
    beard: str
    hat: str
    turn: str
    tilt: str
    skin_colour: Colour
    hair_colour: Colour
    background_colour: Colour
    shirt_colour: Colour
    jitter: Jitter

    @classmethod
    def of(cls, factors: Mapping[str, int], rng: random.Random) -> Person:
        """Make a person of factors (name → index). Raises KeyError or IndexError for a missing or invalid factor."""
        names = {name: values[factors[name]] for name, values in FACTORS.items()}
        jitter = Jitter.from_random(rng)
        background, shirt = BACKGROUND[names.pop("background")]
        return cls(
            skin_colour=lighter(SKIN[names.pop("skin")], 0.05 * jitter.skin),
            hair_colour=lighter(HAIR[names.pop("hair_colour")], 0.06 * jitter.hair),
            background_colour=lighter(background, 0.10 * jitter.background),
            shirt_colour=lighter(shirt, 0.12 * jitter.shirt),
            jitter=jitter,
            **names,
        )

    @property
    def width(self) -> float:
        return WIDTH[self.head]

    @property
    def skin_shade(self) -> Colour:
        return shadow(self.skin_colour, 0.2)

    @property
    def hair_shade(self) -> Colour:
        return shadow(self.hair_colour, 0.28)

    @property
    def hair_light(self) -> Colour:
        return lighter(self.hair_colour, 0.22)

    @property
    def iris_colour(self) -> Colour:
        """Return a colour between brown, green and blue."""
        t = self.jitter.iris
        return mix((86, 120, 70), (60, 110, 160), t) if t > 0 else mix((86, 120, 70), (96, 58, 36), -t)

    def pose(self, side: float) -> Pose:
        """Return the pose of the head in a picture `side` pixels wide."""
        j = self.jitter
        tilt = TILT[self.tilt] + 0.03 * j.tilt
        return Pose(
            scale=side * (0.312 + 0.009 * j.zoom),
            # a tilted head moves sideways; this undoes half of it
            x=side * (0.5 + 0.015 * j.x - 0.13 * math.sin(tilt)),
            y=side * (0.545 + 0.012 * j.y),
            turn=TURN[self.turn] + 0.04 * j.turn,
            tilt=tilt,
            width=self.width,
        )
