"""Frames → a zip of PNG pictures: a film for programs that cut it further, without any loss."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from PIL import Image

from dcgan.images import Array

# 0 … 9: a third of the default's time, for files a few hundredths larger.
PNG_EFFORT = 3


def write_stills(frames: Iterable[Array], path: Path, rate: Fraction) -> None:
    """uint8 frames [H, W, 3] → frame-00001.png … in a zip, whose comment says at how many a second they are meant."""
    # what is compressed already is only stored
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = f"{float(rate):g} frames a second".encode()
        for number, picture in enumerate(frames, 1):
            content = io.BytesIO()
            Image.fromarray(picture).save(content, "PNG", compress_level=PNG_EFFORT)
            archive.writestr(f"frame-{number:05d}.png", content.getvalue())
