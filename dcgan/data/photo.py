"""Read an uploaded photograph for inversion, and describe how near the found picture is."""

from __future__ import annotations

import base64
import io

from torch import Tensor

from dcgan.data.colour import to_channels
from dcgan.data.decode import FORMAT_WORDS, decode
from dcgan.errors import DatasetError, RequestError

MAX_BYTES = 16 * 2**20

# Upper bounds of the RMSE on [-1, 1] for each description. On the faces model, its own pictures reach 0.003,
# photographs of faces 0.09 … 0.2; the nearest of 1,000 random pictures is at about 0.25.
WORDS = (
    (0.03, "looks the same"),
    (0.08, "very close"),
    (0.13, "a good likeness"),
    (0.20, "a rough likeness"),
    (float("inf"), "not alike: the model was not trained on pictures like this"),
)


def read_photo(content: bytes, size: int, nc: int) -> Tensor:
    """Decode a picture file's bytes to its centre square, uint8 [nc, size, size], upright. Nothing is stored.

    Raises RequestError if it is empty, larger than 16 MiB, has too many pixels, is damaged or is not a picture.
    """
    if not content:
        raise RequestError(f"The picture is empty; choose a {FORMAT_WORDS} file.")
    check_bytes(len(content))
    try:
        pixels = decode(io.BytesIO(content), size).pixels
    except DatasetError as error:
        raise RequestError(f"The picture cannot be used: {error}.") from None
    return to_channels(pixels[None], nc)[0].contiguous()


def read_photo_text(text: object, size: int, nc: int) -> Tensor:
    """Decode a picture from base64 text or a data URL, as JSON carries it. Raises RequestError as `read_photo` does."""
    if not isinstance(text, str) or not text:
        raise RequestError(f"The picture must be the base64 text of a {FORMAT_WORDS} file.")
    check_bytes(len(text) * 3 // 4)
    try:
        content = base64.b64decode(text.rpartition(",")[2] if text.startswith("data:") else text, validate=True)
    except ValueError:
        raise RequestError("The picture's base64 text is damaged or cut short.") from None
    return read_photo(content, size, nc)


def check_bytes(count: int) -> None:
    """Raise RequestError if a picture file has too many bytes."""
    if count > MAX_BYTES:
        raise RequestError(f"A picture may have at most {MAX_BYTES >> 20} MiB; choose a smaller one.")


def describe_distance(rmse: float) -> str:
    """Describe an RMSE on [-1, 1] in a few words."""
    return next(words for most, words in WORDS if rmse <= most)
