"""Paths through faces, and fields between three or four faces, in latent space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import PlainValidator, model_validator
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.latent import EASINGS, MODES, field, walk
from dcgan.schema.base import Schema, pick, read
from dcgan.schema.face import Face, parse_faces
from dcgan.schema.numbers import check_choice, check_flag, check_number

MIN_SECONDS, MAX_SECONDS = 0.1, 60.0
DEFAULT_SECONDS = 4.0
MIN_KEYFRAMES, MAX_KEYFRAMES = 2, 64
MAX_KEYFRAMES_ONLINE = 16  # in a request to the page

Mode = Annotated[str, PlainValidator(lambda value: check_choice(value, "mode", MODES))]


def _check_durations(raw: object, least: float = MIN_SECONDS / MAX_KEYFRAMES) -> tuple[float, ...]:
    if not isinstance(raw, list | tuple):
        raise RequestError("durations must be a list of seconds, one number for each stretch.")
    name = "Each duration, in seconds,"
    durations = tuple(check_number(value, name, least, MAX_SECONDS) for value in raw)
    check_number(sum(durations), "The film's length in seconds, all durations together,", MIN_SECONDS, MAX_SECONDS)
    return durations


class PathSpec(Schema):
    """A path from face to face. durations: seconds of each stretch; a loop's last stretch returns to the first face."""

    noun: ClassVar[str] = "A path"

    faces: Annotated[tuple[Face, ...], PlainValidator(lambda raw: parse_faces(raw, MIN_KEYFRAMES, MAX_KEYFRAMES))]
    durations: Annotated[tuple[float, ...], PlainValidator(_check_durations)]
    mode: Mode = MODES[0]
    easing: Annotated[str, PlainValidator(lambda value: check_choice(value, "easing", EASINGS))] = EASINGS[0]
    loop: Annotated[bool, PlainValidator(lambda value: check_flag(value, "loop"))] = False

    @model_validator(mode="after")
    def _durations_fit(self) -> PathSpec:
        _check_count(self.durations, count_stretches(len(self.faces), self.loop))
        return self

    @property
    def seconds(self) -> float:
        """The length of the whole path in seconds."""
        return sum(self.durations)

    def at(self, keyframes: Tensor, times: Tensor) -> Tensor:
        """Return latents [T, nz] at times [T], 0 … 1, on the path through the faces' latents `keyframes` [K, nz]."""
        return walk(keyframes, times, self.mode, self.loop, self.durations, self.easing)


class FieldSpec(Schema):
    """A surface through three or four corner faces; it is flat if the mode is "lerp"."""

    noun: ClassVar[str] = "A field"

    corners: Annotated[tuple[Face, ...], PlainValidator(lambda raw: parse_faces(raw, 3, 4))]
    mode: Mode = MODES[0]

    def at(self, corners: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Return latents [N, nz] at coordinates x, y [N], 0 … 1, from the corners' latents [3 or 4, nz]."""
        return field(corners, x, y, self.mode == "lerp")


def count_stretches(keyframes: int, loop: bool) -> int:
    """Return the number of stretches of a path."""
    return keyframes if loop else keyframes - 1


def parse_path(body: Mapping[str, Any], most: int = MAX_KEYFRAMES) -> PathSpec:
    """Parse {"faces", "durations" or "seconds", "mode", "easing", "loop"} of a request, with at most `most` faces.

    `durations` are the seconds from each face to the next. In a loop, the last one leads back to the first face;
    without a loop it may be omitted. Without `durations`, all stretches take an equal part of `seconds`, by default 4.
    """
    faces = parse_faces(body.get("faces"), MIN_KEYFRAMES, most)
    loop = check_flag(body.get("loop", False), "loop")
    stretches = count_stretches(len(faces), loop)
    if body.get("durations") is None:
        seconds = body.get("seconds", DEFAULT_SECONDS)
        seconds = check_number(seconds, "The film's length in seconds", MIN_SECONDS, MAX_SECONDS)
        durations = (seconds / stretches,) * stretches
    else:
        durations = _given_durations(body["durations"], len(faces), stretches)
    named = {name: body[name] for name in ("mode", "easing") if name in body}
    return PathSpec(faces=faces, durations=durations, loop=loop, **named)


def _given_durations(raw: object, keyframes: int, stretches: int) -> tuple[float, ...]:
    if isinstance(raw, list | tuple) and len(raw) == keyframes:
        raw = raw[:stretches]
    _check_count(raw, stretches)
    return _check_durations(raw, MIN_SECONDS)


def _check_count(durations: object, stretches: int) -> None:
    if not isinstance(durations, list | tuple) or len(durations) != stretches:
        raise RequestError(
            f"This path has {stretches} stretches, so durations must be a list of {stretches} numbers, in seconds."
        )


def parse_field(body: Mapping[str, Any]) -> FieldSpec:
    """Parse {"corners", "mode"} of a request."""
    return read(FieldSpec, {"corners": None, **pick(FieldSpec, body)})
