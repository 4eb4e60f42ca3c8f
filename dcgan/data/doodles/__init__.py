"""Doodles: cartoon faces drawn by this program from named factors; the built-in data set.

They need no download and no permission, and since each face's factors are known, what a generator covers of them can be
counted exactly.
"""

from dcgan.data.doodles.choice import chosen, parse_choice
from dcgan.data.doodles.factors import FACTORS
from dcgan.data.doodles.make import make_doodles
from dcgan.data.doodles.picture import draw

__all__ = ["FACTORS", "chosen", "draw", "make_doodles", "parse_choice"]
