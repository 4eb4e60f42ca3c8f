"""The size, resampling and file format of a requested picture."""

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
    """size: side in pixels; resample: a name in RESAMPLING; format: one of PICTURE_FORMATS."""

    noun: ClassVar[str] = "A picture"

    size: Annotated[int, PlainValidator(lambda value: check_whole(value, "size", MIN_SIZE, MAX_SIZE))] = 256
    resample: Resample = "bicubic"
    format: Annotated[str, PlainValidator(lambda value: check_choice(value, "format", PICTURE_FORMATS))] = "jpeg"


def parse_picture(body: Mapping[str, Any]) -> PictureSpec:
    """Parse {"size", "resample", "format"} of a request."""
    return read(PictureSpec, pick(PictureSpec, body))
