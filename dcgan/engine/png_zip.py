"""Write a film losslessly as a zip of PNG files, for editing in other programs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from PIL import Image

from dcgan.images import Array

# zlib level 0 … 9: level 3 takes a third of the default's time for files a few per cent larger.
PNG_EFFORT = 3


def write_png_zip(frames: Iterable[Array], path: Path, rate: Fraction) -> None:
    """Write uint8 frames [H, W, 3] as frame-00001.png … into a zip; its comment states the frame rate."""
    # PNG is compressed already, so the zip stores it as it is.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = f"{float(rate):g} frames a second".encode()
        for number, picture in enumerate(frames, 1):
            content = io.BytesIO()
            Image.fromarray(picture).save(content, "PNG", compress_level=PNG_EFFORT)
            archive.writestr(f"frame-{number:05d}.png", content.getvalue())
