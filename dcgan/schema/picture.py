"""How a picture is sent: its size, how it is enlarged, and its file format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import PlainValidator

from dcgan.images import RESAMPLING
from dcgan.schema.base import Schema, pick, read
from dcgan.schema.numbers import check_choice, check_whole

MIN_SIZE, MAX_SIZE = 16, 1024  # pixels
PICTURE_FORMATS = ("jpeg", "png")

Resample = Annotated[str, PlainValidator(lambda value: check_choice(value, "resample", tuple(RESAMPLING)))]


class PictureSpec(Schema):
    """Side in pixels, a name of RESAMPLING, and a format of PICTURE_FORMATS."""

    noun: ClassVar[str] = "A picture"

    size: Annotated[int, PlainValidator(lambda value: check_whole(value, "size", MIN_SIZE, MAX_SIZE))] = 256
    resample: Resample = "bicubic"
    format: Annotated[str, PlainValidator(lambda value: check_choice(value, "format", PICTURE_FORMATS))] = "jpeg"


def parse_picture(body: Mapping[str, Any]) -> PictureSpec:
    """{"size", "resample", "format"} of a request."""
    return read(PictureSpec, pick(PictureSpec, body))
