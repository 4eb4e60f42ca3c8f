"""A film: a path with a frame rate and a size. `FilmLimits` holds the limits of an installation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import PlainValidator

from dcgan.errors import RequestError
from dcgan.latent import frame_count
from dcgan.schema.base import Schema
from dcgan.schema.numbers import check_number, check_whole
from dcgan.schema.path import MAX_KEYFRAMES, PathSpec, parse_path
from dcgan.schema.picture import Resample

MIN_FPS, MAX_FPS = 1.0, 60.0
MIN_FILM_SIZE, MAX_FILM_SIZE = 64, 1024  # pixels
MAX_FRAMES = 1800
MAX_GRID = 4
# A frame of a grid contains grid² pictures. The limit of pictures is this many times the limit of frames.
PICTURES_PER_FRAME = 4


@dataclass(frozen=True)
class FilmLimits:
    """The largest number of frames, size in pixels and number of faces of a film."""

    frames: int = MAX_FRAMES
    size: int = MAX_FILM_SIZE
    faces: int = MAX_KEYFRAMES

    def check_size(self, size: object) -> int:
        """Return a valid side of a film in pixels."""
        return check_whole(size, "The film's size in pixels", MIN_FILM_SIZE, self.size)


class FilmSpec(Schema):
    """A path as a film.

    fps: frames per second; size: side in pixels; resample: a name in RESAMPLING; grid: grid × grid films side by side.
    """

    noun: ClassVar[str] = "A film"

    path: PathSpec
    fps: Annotated[float, PlainValidator(lambda value: check_number(value, "Frames per second", MIN_FPS, MAX_FPS))] = (
        30.0
    )
    size: Annotated[int, PlainValidator(FilmLimits().check_size)] = 256
    resample: Resample = "bicubic"
    grid: Annotated[int, PlainValidator(lambda value: check_whole(value, "The films side by side", 1, MAX_GRID))] = 1

    @property
    def count(self) -> int:
        """The number of frames."""
        return frame_count(self.path.seconds, self.fps)


def parse_film(body: Mapping[str, Any], limits: FilmLimits = FilmLimits()) -> FilmSpec:
    """Parse a path's fields and {"fps", "size", "resample", "grid"} of a request, within these limits."""
    path = parse_path(body, limits.faces)
    named = {name: body[name] for name in ("fps", "size", "resample", "grid") if name in body}
    film = FilmSpec(path=path, **named)
    limits.check_size(film.size)
    most = min(limits.frames, PICTURES_PER_FRAME * limits.frames // film.grid**2)
    if film.count > most:
        kind = f"A grid of {film.grid} × {film.grid} films" if most < limits.frames else "A film"
        longest = math.floor(10 * most / film.fps) / 10
        raise RequestError(
            f"{kind} at {film.fps:g} frames a second can last {longest:g} s here, not {path.seconds:g} s: "
            "make it shorter, or choose fewer frames a second."
        )
    return film
