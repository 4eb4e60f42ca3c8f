"""What a doodle is made of: the factors, their values, and how often each value comes."""

from __future__ import annotations

import random

FACTORS: dict[str, tuple[str, ...]] = {
    "skin": ("porcelain", "peach", "honey", "bronze", "cocoa"),
    "head": ("round", "oval", "square", "pointed"),
    "hair": ("bald", "crop", "parted", "spiky", "curly", "bob", "long", "bun", "pigtails"),
    "hair_colour": ("black", "brown", "ginger", "blond", "silver", "pink", "blue"),
    "eyes": ("dots", "wide", "happy", "sleepy", "wink"),
    "brows": ("flat", "raised", "stern", "worried"),
    "mouth": ("smile", "grin", "laugh", "oh", "smirk", "frown"),
    "glasses": ("none", "round", "square", "tinted"),
    "beard": ("none", "moustache", "goatee", "full"),
    "hat": ("none", "beanie", "cap", "bowler", "crown"),
    "background": ("sky", "mint", "lemon", "coral", "lilac", "teal"),
    "turn": ("left", "front", "right"),
    "tilt": ("left", "upright", "right"),
}

# Every second face goes without glasses, beard or hat, so that most faces are not hidden behind all three. The other
# factors are uniform; all are independent of each other.
SHARE_OF_NONE = 0.5


def sample_factors(rng: random.Random) -> dict[str, int]:
    """One value for each factor, drawn independently: name → index into FACTORS[name]."""
    return {name: _sample(values, rng.random()) for name, values in FACTORS.items()}


def _sample(values: tuple[str, ...], u: float) -> int:
    """u in [0, 1) → an index; the value "none" (always first) takes SHARE_OF_NONE, the others share what is left."""
    if values[0] != "none":
        return int(u * len(values))
    if u < SHARE_OF_NONE:
        return 0
    return 1 + int((u - SHARE_OF_NONE) / (1 - SHARE_OF_NONE) * (len(values) - 1))
