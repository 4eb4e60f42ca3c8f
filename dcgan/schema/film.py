"""A film: a path, and how its frames look. An installation may have narrower limits (`FilmLimits`)."""

from __future__ import annotations

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
# In a grid of several films there are more pictures than frames: so many times as many may be drawn.
MORE_PICTURES = 4


@dataclass(frozen=True)
class FilmLimits:
    """How long and how large a film may be here, and through how many faces it may go."""

    frames: int = MAX_FRAMES
    size: int = MAX_FILM_SIZE
    faces: int = MAX_KEYFRAMES

    def check_size(self, size: object) -> int:
        """The side of a film in pixels."""
        return check_whole(size, "The film's size in pixels", MIN_FILM_SIZE, self.size)


class FilmSpec(Schema):
    """A path as a film: frames a second, side in pixels, a name of RESAMPLING, and grid × grid films side by side."""

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
        """Frames in it."""
        return frame_count(self.path.seconds, self.fps)


def parse_film(body: Mapping[str, Any], limits: FilmLimits = FilmLimits()) -> FilmSpec:
    """The fields of a path, and {"fps", "size", "resample", "grid"}, of a request, within these limits."""
    path = parse_path(body, limits.faces)
    named = {name: body[name] for name in ("fps", "size", "resample", "grid") if name in body}
    film = FilmSpec(path=path, **named)
    limits.check_size(film.size)
    most = min(limits.frames, MORE_PICTURES * limits.frames // film.grid**2)
    if film.count > most:
        kind = f"A grid of {film.grid} × {film.grid} films" if most < limits.frames else "A film"
        allowed = f"{most / film.fps:.0f} s at {film.fps:g} a second"
        raise RequestError(f"{kind} here has at most {most} frames, not {film.count}: {allowed}.")
    return film
