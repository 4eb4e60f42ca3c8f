"""Decode one picture file of any mode and size to a small uint8 square."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from dcgan.data.colour import is_gray
from dcgan.errors import DatasetError
from dcgan.images import fit_square
from dcgan.memory import trim_memory

Array = np.ndarray

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
FORMAT_WORDS = "JPEG, PNG, WebP, BMP, GIF or TIFF"
MAX_PIXELS = 64_000_000
MAX_ASPECT = 100
DECODED_BYTES = 320 * 2**20  # of memory for one picture while it is decoded
PIXEL_BYTES, WEBP_PIXEL_BYTES, PROGRESSIVE_PIXEL_BYTES, TIFF_PIXEL_BYTES = 4, 16, 8, 12  # measured
# Above it, pictures are decoded one at a time in the whole process, and made smaller before they are converted.
LARGE_PIXELS = 4_000_000
BAND_PIXELS = 1_000_000
REDUCED = 4  # a reduced picture's shorter side is at least so many times the wanted one: the difference is invisible

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
    """Decode a picture of one of FORMATS; of an animation, its first frame.

    Raises DatasetError with a reason: "damaged (…)", "too large (…)".
    """
    try:
        with Image.open(stream, formats=FORMATS) as image:
            # Checked before decoding: Pillow itself only warns above its own, higher limit.
            original = image.size
            check_size(original, _pixel_bytes(image))
            # Lets libjpeg decode a large JPEG at 1/2, 1/4 or 1/8 of its size, which is several times faster.
            image.draft(None, (2 * size, 2 * size))
            with _one_large_picture(original):
                picture = prepare(image, size)
                sideways = _orientation(image) >= 5
                image.close()  # frees its pixels
            return replace(picture, size=original[::-1] if sideways else original)
    except (DatasetError, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise DatasetError(_too_large()) from None
    except UnidentifiedImageError:
        raise DatasetError(f"not a {FORMAT_WORDS} picture") from None
    # Pillow raises many kinds of errors for damaged files: SyntaxError, struct.error, zlib.error, IndexError …
    except Exception as error:
        raise DatasetError(f"damaged ({str(error) or type(error).__name__})") from None


def check_size(size: tuple[int, int], pixel_bytes: int = PIXEL_BYTES) -> None:
    """Raise DatasetError if the picture, or its resized form, has too many pixels of so many bytes."""
    width, height = size
    if width * height > MAX_PIXELS or width * height * pixel_bytes > DECODED_BYTES:
        raise DatasetError(_too_large(pixel_bytes))
    if max(size) > MAX_ASPECT * min(size):
        raise DatasetError(f"too narrow ({width} × {height})")


def prepare(image: Image.Image, size: int) -> Picture:
    """Convert an image to 8 bits, put alpha over white, make it upright, resize its shorter side, crop the centre."""
    turn = UPRIGHT.get(_orientation(image))
    image = _eight_bits(image) if image.width * image.height <= LARGE_PIXELS else _reduced(image, size)
    if turn is not None:
        image = image.transpose(turn)
    pixels = np.asarray(fit_square(image, size)).reshape(size, size, -1)
    return Picture(pixels, image.size, is_gray(pixels))


def _pixel_bytes(image: Image.Image) -> int:
    """Return the bytes of memory that a pixel of this file takes while it is decoded."""
    if image.format == "WEBP":
        return WEBP_PIXEL_BYTES
    if image.format == "TIFF":
        return TIFF_PIXEL_BYTES
    return PROGRESSIVE_PIXEL_BYTES if image.info.get("progressive") else PIXEL_BYTES


def _too_large(pixel_bytes: int = PIXEL_BYTES) -> str:
    pixels = min(MAX_PIXELS, DECODED_BYTES // pixel_bytes)
    return f"too large (at most {pixels // 10**6} megapixels are read)"


# A lock and no number: a second large picture could be decoded only where memory for it is known to be free.
_LARGE = threading.Lock()


@contextmanager
def _one_large_picture(size: tuple[int, int]) -> Iterator[None]:
    """Let only one large picture be decoded at a time in this process, and return its memory to the system."""
    width, height = size
    if width * height <= LARGE_PIXELS:
        yield
        return
    with _LARGE:
        yield
        trim_memory()


def _reduced(image: Image.Image, size: int) -> Image.Image:
    """Convert a large image to 8 bits and reduce it towards `size`, band by band: no second large one is made."""
    factor = max(1, min(image.size) // (REDUCED * size))
    rows = max(1, BAND_PIXELS // (image.width * factor)) * factor
    bands = []
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        bands.append(_eight_bits(band).reduce(factor))
    whole = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    top = 0
    for band in bands:
        whole.paste(band, (0, top))
        top += band.height
    return whole


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; 1, which is upright, for TIFF, because Pillow turns TIFF itself."""
    if image.format == "TIFF":
        return 1
    return int(image.getexif().get(ExifTags.Base.Orientation) or 1)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Convert an image of any mode to "L" or "RGB"."""
    if image.mode == "F":  # of what range is unknown
        raise DatasetError("its pixels are floats; save it with 8 or 16 bits")
    if image.mode.startswith("I"):  # 16-bit gray: Pillow's own conversion clips instead of scaling
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(see_through, mask=see_through.getchannel("A"))
        return paper
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
