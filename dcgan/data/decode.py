"""Decode one picture file of any mode and size to a small uint8 square."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from dcgan.data.colour import is_gray
from dcgan.errors import DatasetError
from dcgan.images import fit_square

Array = np.ndarray

FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
MAX_PIXELS = 64_000_000
MAX_ASPECT = 100
TOO_LARGE = f"too large (at most {MAX_PIXELS // 10**6} megapixels are read)"

# EXIF orientation → the transpose that makes the picture upright; 1 and unknown values need none.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """pixels: uint8 [S, S, 1 or 3]; size: width and height of the original; gray: whether it has no colour."""

    pixels: Array
    size: tuple[int, int]
    gray: bool


def decode_file(path: Path, size: int) -> Picture:
    """Decode a file. Raises DatasetError with a short reason, as `decode` does."""
    try:
        # Open a stream instead of reading all bytes: the header tells whether the picture is too large.
        with path.open("rb") as stream:
            return decode(stream, size)
    except OSError as error:
        raise DatasetError(error.strerror or "it cannot be opened") from None


def decode(stream: IO[bytes], size: int) -> Picture:
    """Decode a JPEG, PNG, WebP or BMP. Raises DatasetError with a reason: "damaged (…)", "too large (…)"."""
    try:
        with Image.open(stream, formats=FORMATS) as image:
            # Checked before decoding: Pillow itself only warns above its own, higher limit.
            original = image.size
            check_size(original)
            # Lets libjpeg decode a large JPEG at 1/2, 1/4 or 1/8 of its size, which is several times faster.
            image.draft(None, (2 * size, 2 * size))
            picture = prepare(image, size)
            sideways = _orientation(image) >= 5
            return replace(picture, size=original[::-1] if sideways else original)
    except (DatasetError, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise DatasetError(TOO_LARGE) from None
    except UnidentifiedImageError:
        raise DatasetError("not a JPEG, PNG, WebP or BMP picture") from None
    # Pillow raises many kinds of errors for damaged files: SyntaxError, struct.error, zlib.error, IndexError …
    except Exception as error:
        raise DatasetError(f"damaged ({str(error) or type(error).__name__})") from None


def check_size(size: tuple[int, int]) -> None:
    """Raise DatasetError if the picture, or its resized form, has too many pixels."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise DatasetError(TOO_LARGE)
    if max(size) > MAX_ASPECT * min(size):
        raise DatasetError(f"too narrow ({width} × {height})")


def prepare(image: Image.Image, size: int) -> Picture:
    """Convert an image to 8 bits, put alpha over white, make it upright, resize its shorter side, crop the centre."""
    turn = UPRIGHT.get(_orientation(image))
    image = _eight_bits(image)
    if turn is not None:
        image = image.transpose(turn)
    pixels = np.asarray(fit_square(image, size)).reshape(size, size, -1)
    return Picture(pixels, image.size, is_gray(pixels))


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(ExifTags.Base.Orientation) or 1)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Convert an image of any mode to "L" or "RGB"."""
    if image.mode.startswith("I"):  # 16-bit gray: Pillow's own conversion clips instead of scaling
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(see_through, mask=see_through.getchannel("A"))
        return paper
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
