"""The palette: colours of skin, hair, hats, shirts and backgrounds, any of which go together."""

from __future__ import annotations

Colour = tuple[int, int, int]

WHITE: Colour = (255, 253, 248)
INK: Colour = (40, 28, 38)
LIP: Colour = (150, 48, 56)
TONGUE: Colour = (240, 122, 122)

SKIN: dict[str, Colour] = {
    "porcelain": (255, 224, 205),
    "peach": (250, 200, 162),
    "honey": (228, 168, 114),
    "bronze": (186, 122, 78),
    "cocoa": (142, 88, 62),
}
HAIR: dict[str, Colour] = {
    "black": (43, 38, 52),
    "brown": (88, 46, 30),
    "ginger": (214, 96, 40),
    "blond": (244, 200, 88),
    "silver": (204, 208, 218),
    "pink": (238, 120, 166),
    "blue": (70, 112, 214),
}
# background, and the colour of the shirt in front of it
BACKGROUND: dict[str, tuple[Colour, Colour]] = {
    "sky": ((158, 211, 243), (238, 106, 90)),
    "mint": ((166, 225, 190), (124, 92, 186)),
    "lemon": ((252, 225, 140), (62, 140, 190)),
    "coral": ((255, 176, 156), (48, 92, 140)),
    "lilac": ((200, 182, 242), (244, 184, 64)),
    "teal": ((58, 150, 150), (248, 232, 210)),
}


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Interpolate from a (t = 0) to b (t = 1)."""
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


def lighter(colour: Colour, t: float) -> Colour:
    """Mix with warm white by t in 0 … 1, or with the colour of ink by -t if t is negative."""
    return mix(colour, WHITE, t) if t >= 0 else mix(colour, INK, -t)


def shadow(colour: Colour, t: float = 0.3) -> Colour:
    """Return the colour in shadow: darker and slightly redder, as skin and hair are."""
    r, g, b = colour
    return (round(r * (1 - 0.7 * t)), round(g * (1 - t)), round(b * (1 - 0.9 * t)))
