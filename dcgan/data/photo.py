"""A photograph from outside, made into what a model can be compared with; and a distance put into words."""

from __future__ import annotations

import base64
import io

from torch import Tensor

from dcgan.data.colour import to_channels
from dcgan.data.decode import decode
from dcgan.errors import DatasetError, RequestError

MAX_BYTES = 16 * 2**20

# Distances on [-1, 1] up to which a sentence holds. Measured on the faces model: its own pictures come back at 0.003,
# photographs of faces at 0.09 … 0.2, and the nearest of a thousand random faces lies at about 0.25.
WORDS = (
    (0.03, "to the eye the same picture"),
    (0.08, "very close"),
    (0.13, "a good likeness"),
    (0.20, "a rough likeness"),
    (float("inf"), "not much alike: this model was not taught to draw such a picture"),
)


def read_photo(content: bytes, size: int, nc: int) -> Tensor:
    """A picture file's bytes → its centre as uint8 [nc, size, size], upright. Nothing is written anywhere.

    Raises RequestError for what is empty, over 16 MiB, too many pixels, damaged, or no picture.
    """
    if not content:
        raise RequestError("The picture is empty; choose a JPEG, PNG, WebP or BMP file.")
    check_bytes(len(content))
    try:
        pixels = decode(io.BytesIO(content), size).pixels
    except DatasetError as error:
        raise RequestError(f"The picture cannot be used: {error}.") from None
    return to_channels(pixels[None], nc)[0].contiguous()


def read_photo_text(text: object, size: int, nc: int) -> Tensor:
    """The same from base64, with or without a data URL's beginning: how JSON carries a file without storing it."""
    if not isinstance(text, str) or not text:
        raise RequestError("The picture must be the base64 text of a JPEG, PNG, WebP or BMP file.")
    check_bytes(len(text) * 3 // 4)
    try:
        content = base64.b64decode(text.rpartition(",")[2] if text.startswith("data:") else text, validate=True)
    except ValueError:
        raise RequestError("The picture's base64 text is damaged or cut short.") from None
    return read_photo(content, size, nc)


def check_bytes(count: int) -> None:
    """Raises RequestError for more bytes than a picture may have."""
    if count > MAX_BYTES:
        raise RequestError(f"A picture may have at most {MAX_BYTES >> 20} MiB; choose a smaller one.")


def in_words(rmse: float) -> str:
    """What a distance on [-1, 1] looks like: half a sentence."""
    return next(words for most, words in WORDS if rmse <= most)
