"""The layout of an array of pictures: which axis is the count, height, width and colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dcgan.errors import DatasetError

Array = np.ndarray
Shape = tuple[int, ...]

# n count, h height, w width, c colour; one letter an axis.
LAYOUTS: Mapping[str, str] = {
    "hwn": "height × width × count",
    "nhw": "count × height × width",
    "nhwc": "count × height × width × colour",
    "hwcn": "height × width × colour × count",
    "nchw": "count × colour × height × width",
}
CHANNELS = (1, 3)


@dataclass(frozen=True)
class LayoutGuess:
    """A layout; `is_ambiguous` if another one fits the shapes as well."""

    layout: str
    is_ambiguous: bool = False

    @property
    def words(self) -> str:
        """For a sentence: "height × width × count"."""
        return LAYOUTS[self.layout]


def infer_layout(shapes: Sequence[Shape], forced: str | None = None) -> LayoutGuess:
    """Infer the layout that fits all shapes.

    The axis in which two files differ is the count. Otherwise square pictures are preferred, then the longest axis as
    the count, then height × width × count, the tutorial's order. Raises DatasetError if no layout fits, or the forced
    one does not.
    """
    if forced is not None and forced not in LAYOUTS:
        raise DatasetError(f"layout must be one of {', '.join(LAYOUTS)}, not {forced!r}.")
    fitting = [layout for layout in LAYOUTS if all(_fits(layout, shape) for shape in shapes)]
    if not fitting:
        raise DatasetError(
            f"{_words(shapes)} {_verb(shapes)} no pictures: the layout must be {', or '.join(LAYOUTS.values())}."
        )
    if forced is not None and forced not in fitting:
        raise DatasetError(f"{_words(shapes)} cannot be read as {LAYOUTS[forced]}.")
    candidates = [forced] if forced is not None else fitting
    candidates = [layout for layout in candidates if len({_picture_shape(layout, shape) for shape in shapes}) == 1]
    if not candidates:
        raise DatasetError(f"{_words(shapes)} are of different sizes; every picture must have the same size.")
    square = [layout for layout in candidates if len(set(size_of(layout, shapes[0]))) == 1]
    candidates = square or candidates
    if len(candidates) == 1:
        return LayoutGuess(candidates[0])
    longest = [layout for layout in candidates if count_of(layout, shapes[0]) == max(shapes[0])]
    return LayoutGuess((longest or candidates)[0], is_ambiguous=True)


def count_of(layout: str, shape: Shape) -> int:
    """Return the number of pictures in an array of this shape."""
    return shape[layout.index("n")]


def size_of(layout: str, shape: Shape) -> tuple[int, int]:
    """Return the height and width of its pictures."""
    return shape[layout.index("h")], shape[layout.index("w")]


def take(array: Array, layout: str, start: int, stop: int) -> Array:
    """Return pictures start … stop - 1 as a view [n, H, W, C], whatever the array's layout."""
    axis = layout.index("n")
    part: Array = array[(slice(None),) * axis + (slice(start, stop),)]
    part = part.transpose([layout.index(letter) for letter in "nhwc" if letter in layout])
    return part if "c" in layout else part[..., None]


def _fits(layout: str, shape: Shape) -> bool:
    if len(layout) != len(shape):
        return False
    return "c" not in layout or shape[layout.index("c")] in CHANNELS


def _picture_shape(layout: str, shape: Shape) -> Shape:
    axis = layout.index("n")
    return shape[:axis] + shape[axis + 1 :]


def _verb(shapes: Sequence[Shape]) -> str:
    return "holds" if len(shapes) == 1 else "hold"


def _words(shapes: Sequence[Shape]) -> str:
    texts = [" × ".join(str(side) for side in shape) or "()" for shape in shapes]
    return f"An array of shape {texts[0]}" if len(texts) == 1 else f"Arrays of shapes {' and '.join(texts)}"
