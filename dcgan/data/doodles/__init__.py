"""Doodles: cartoon faces that this program draws from named factors; the built-in data set.

They need no download and no licence. Since the factors of each face are known, the share of factor values that a
generator covers can be counted.
"""

from dcgan.data.doodles.draw_one import draw_one, sample_factors_of
from dcgan.data.doodles.factors import FACTORS
from dcgan.data.doodles.filter import Choice, fits, matches, parse_filter
from dcgan.data.doodles.make import make_doodles
from dcgan.data.doodles.picture import draw

__all__ = [
    "FACTORS",
    "Choice",
    "draw",
    "draw_one",
    "fits",
    "make_doodles",
    "matches",
    "parse_filter",
    "sample_factors_of",
]
