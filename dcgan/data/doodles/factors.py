"""The factors of a doodle, their values, and the probability of each value."""

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

# Probability of "none" for glasses, beard and hat, so that few faces have all three. The other factors are uniform; all
# are independent.
SHARE_OF_NONE = 0.5


def sample_factors(rng: random.Random) -> dict[str, int]:
    """Sample one value for each factor independently: name → index into FACTORS[name]."""
    return {name: _sample(values, rng.random()) for name, values in FACTORS.items()}


def _sample(values: tuple[str, ...], u: float) -> int:
    """Map u in [0, 1) to an index; "none", always first, has probability SHARE_OF_NONE, the others share the rest."""
    if values[0] != "none":
        return int(u * len(values))
    if u < SHARE_OF_NONE:
        return 0
    return 1 + int((u - SHARE_OF_NONE) / (1 - SHARE_OF_NONE) * (len(values) - 1))
