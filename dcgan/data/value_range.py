"""Convert arrays of any number type to uint8, by detecting which of the usual value ranges they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dcgan.errors import DatasetError

Array = np.ndarray

# Rounding may leave a float16 picture slightly outside its range.
SLACK = 1e-2


@dataclass(frozen=True)
class ValueRange:
    """The values of black (`low`) and white (`high`), and the dtype's name (`kind`)."""

    low: float
    high: float
    kind: str

    @property
    def words(self) -> str:
        """For a sentence: "float32 values from -1 to 1"."""
        return f"{self.kind} values from {self.low:g} to {self.high:g}"

    def to_uint8(self, values: Array) -> Array:
        """Map values of this range to 0 … 255, rounded and clipped."""
        if values.dtype == np.uint8:
            return values
        scaled = (values.astype(np.float32) - self.low) * (255.0 / (self.high - self.low))
        result: Array = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
        return result


def find_range(chunks: Iterable[Array], dtype: np.dtype) -> ValueRange:
    """Return the usual range that contains all values; uint8 is not examined.

    Raises DatasetError for values that are not numbers, not finite or in none of the usual ranges.
    """
    if dtype.kind not in "buif":
        raise DatasetError(f"The array holds {dtype} values: pictures are whole numbers or floats.")
    if dtype == np.uint8:
        return ValueRange(0, 255, "uint8")
    if dtype.kind == "b":
        return ValueRange(0, 1, "bool")
    low, high = _extremes(chunks)
    for black, white in ((0, 1), (-1, 1), (0, 255), (0, 65535)):
        if white == 65535 and dtype.kind == "f":
            continue
        slack = SLACK * white if dtype.kind == "f" and white == 1 else 0.0
        if low >= black - slack and high <= white + slack:
            return ValueRange(black, white, str(dtype))
    raise DatasetError(
        f"The values go from {low:g} to {high:g} ({dtype}): bring them to 0 … 1, -1 … 1 or 0 … 255 before saving."
    )


def _extremes(chunks: Iterable[Array]) -> tuple[float, float]:
    low, high = np.inf, -np.inf
    for chunk in chunks:
        if chunk.dtype.kind == "f" and not np.isfinite(chunk).all():
            raise DatasetError("The array holds values that are not finite (NaN or infinity): replace them first.")
        low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
    return low, high
