"""Read an uploaded photograph for inversion, and describe how near the found picture is."""

from __future__ import annotations

import base64
import io

from torch import Tensor

from dcgan.data.colour import to_channels
from dcgan.data.decode import FORMAT_WORDS, decode
from dcgan.errors import DatasetError, RequestError

MAX_BYTES = 16 * 2**20

# An RMSE alone says little, since a plain picture is near to any blur, so it is divided by the photograph's contrast.
# Measured on the faces model, as 5 to 95 of 100: 0.25 to 0.46 for held-out photographs of faces (20, median 0.35), 0.33
# to 0.72 for details of such photographs that show no face (32; only plain ones are below 0.38), below 0.02 for the
# model's own pictures.
FACES, DETAILS = (0.25, 0.46), (0.33, 0.72)
WORDS = (
    (0.02, "looks the same"),
    (0.25, "very close"),
    (0.35, "a good likeness"),
    (0.46, "a rough likeness"),
    (float("inf"), "not alike: pictures without a whole face come as near"),
)
# Below it details of photographs come as near as whole faces. Photographs of faces have 0.2 to 0.5.
LEAST_CONTRAST = 0.15
PLAIN = "too plain to tell: this picture has hardly any contrast. Choose one like those that the model has seen"


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


def contrast(picture: Tensor) -> float:
    """Return the standard deviation of a picture, uint8 [nc, S, S], around its mean colour, on [-1, 1]."""
    pixels = picture.double() / 127.5
    return float((pixels - pixels.mean(dim=(1, 2), keepdim=True)).square().mean().sqrt())


def describe_distance(rmse: float, photo: Tensor) -> str:
    """Describe the distance on [-1, 1] between a photograph, uint8 [nc, S, S], and the picture found, in a sentence."""
    available = contrast(photo)
    share = rmse / max(available, 1e-6)
    if share > WORDS[0][0] and available < LEAST_CONTRAST:
        return PLAIN
    words = next(words for most, words in WORDS if share <= most)
    faces, details = (f"{round(100 * low)} to {round(100 * high)} %" for low, high in (FACES, DETAILS))
    compared = f"the model “faces” misses {faces} of photographs of faces, {details} of details without one"
    return f"{words}. It misses {round(100 * share)} % of the picture's contrast; {compared}"
