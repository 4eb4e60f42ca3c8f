"""One picture file of any mode and size → one small square of uint8."""

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

# How to turn a picture upright, by its EXIF orientation; 1, and anything else, is upright already.
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
    """`pixels` uint8 [S, S, 1 or 3]; `size` the original's width and height; `gray`: there is no colour in it."""

    pixels: Array
    size: tuple[int, int]
    gray: bool


def decode_file(path: Path, size: int) -> Picture:
    """Reads a file. Raises DatasetError with a reason, not a whole sentence, as `decode` does."""
    try:
        # The stream, not its bytes: a file's size is only known to be sane once its header has been read.
        with path.open("rb") as stream:
            return decode(stream, size)
    except OSError as error:
        raise DatasetError(error.strerror or "it cannot be opened") from None


def decode(stream: IO[bytes], size: int) -> Picture:
    """Decodes a JPEG, PNG, WebP or BMP. Raises DatasetError with a reason: "damaged (…)", "too large (…)"."""
    try:
        with Image.open(stream, formats=FORMATS) as image:
            # Before anything is decoded. Pillow warns from a limit above ours, and refuses from twice that.
            original = image.size
            check_size(original)
            # Decodes a large JPEG at a half, a quarter or an eighth: several times faster, and smooth all the same.
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
    # On a damaged file Pillow raises nearly anything: SyntaxError, struct.error, zlib.error, IndexError …
    except Exception as error:
        raise DatasetError(f"damaged ({str(error) or type(error).__name__})") from None


def check_size(size: tuple[int, int]) -> None:
    """Raises DatasetError for a picture whose pixels, or whose resized strip, would fill the memory."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise DatasetError(TOO_LARGE)
    if max(size) > MAX_ASPECT * min(size):
        raise DatasetError(f"too narrow ({width} × {height})")


def prepare(image: Image.Image, size: int) -> Picture:
    """A Pillow image → Picture: eight bits, alpha over white, upright, the shorter side resized, the centre cut out."""
    turn = UPRIGHT.get(_orientation(image))
    image = _eight_bits(image)
    if turn is not None:
        image = image.transpose(turn)
    pixels = np.asarray(fit_square(image, size)).reshape(size, size, -1)
    return Picture(pixels, image.size, is_gray(pixels))


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(ExifTags.Base.Orientation) or 1)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Any mode → "L" or "RGB"."""
    if image.mode.startswith("I"):  # 16-bit gray: Pillow's own conversion clips instead of scaling
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(see_through, mask=see_through.getchannel("A"))
        return paper
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
