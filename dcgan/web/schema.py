"""From arbitrary JSON to checked requests: the one door through which the page, its links and the API ask for pictures.

Everything here raises RequestError with a sentence; what it returns is plain, frozen and within limits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from dcgan.engine.films import Way, parse_way
from dcgan.engine.renderer import Renderer
from dcgan.errors import RequestError
from dcgan.images import RESAMPLING
from dcgan.latent import MODES, field
from dcgan.validation import (
    Edit,
    check_number,
    check_psi,
    check_seed,
    check_whole,
    one_of,
    parse_edits,
    parse_off,
    parse_z,
)

MIN_SIZE, MAX_SIZE = 16, 1024  # pixels
KEYFRAMES = 16
FACES_ON_A_SHEET = 64
PICTURE_FORMATS = ("jpeg", "png")


@dataclass(frozen=True)
class Face:
    """One point of the latent space, as a person dials it. `z`, where given, takes the place of the seed's latent.

    `off`: (layer, unit) of the generator's units that are off for it; films do not take them along.
    """

    seed: int
    psi: float = 1.0
    edits: tuple[Edit, ...] = ()
    z: tuple[float, ...] | None = None
    off: tuple[tuple[int, int], ...] = ()

    def latent(self, renderer: Renderer, model: str) -> Tensor:
        """Its z [nz]. Raises RequestError or CheckpointError."""
        return renderer.latent(model, self.seed, self.psi, self.edits, self.z)


@dataclass(frozen=True)
class Path:
    """A walk through faces: at least two."""

    faces: tuple[Face, ...]
    way: Way

    def at(self, renderer: Renderer, model: str, times: Tensor) -> Tensor:
        """Latents [T, nz] at times [T] in 0 … 1."""
        return self.way.at(latents(self.faces, renderer, model), times)


@dataclass(frozen=True)
class Field:
    """A surface through three or four faces, the corners; `flat` cuts straight through the sphere."""

    corners: tuple[Face, ...]
    flat: bool

    def at(self, renderer: Renderer, model: str, x: Tensor, y: Tensor) -> Tensor:
        """Latents [N, nz] at places x, y [N] in 0 … 1."""
        return field(latents(self.corners, renderer, model), x, y, self.flat)


@dataclass(frozen=True)
class Look:
    """How a picture is sent."""

    size: int
    resample: str
    fmt: str


def latents(faces: Sequence[Face], renderer: Renderer, model: str) -> Tensor:
    """The faces' latents, [N, nz]."""
    return torch.stack([face.latent(renderer, model) for face in faces])


def body_of(raw: object) -> Mapping[str, Any]:
    """The JSON object of a request."""
    if not isinstance(raw, Mapping):
        raise RequestError("The request must be a JSON object.")
    return raw


def parse_model(body: Mapping[str, Any], names: Callable[[], list[str]]) -> str:
    """The wanted model, or the first there is. Whether it exists is for the renderer to say."""
    model = body.get("model") or ""
    if not isinstance(model, str) or len(model) > 100:
        raise RequestError("model must be the name of a model.")
    if model:
        return model
    known = names()
    if not known:
        raise RequestError("There is no model yet: train one on the Train tab, or put one into the checkpoint folder.")
    return known[0]


def parse_face(raw: object) -> Face:
    """{"seed", "psi", "edits", "z", "off"}. A seed may come as text, since a browser's numbers end at 2^53."""
    body = body_of(raw)
    seed = body.get("seed", 0)
    if isinstance(seed, str) and seed.isascii() and seed.isdecimal() and len(seed) <= 19:
        seed = int(seed)
    z, edits = parse_z(body.get("z")), parse_edits(body.get("edits"))
    return Face(check_seed(seed), check_psi(body.get("psi", 1.0)), edits, z, parse_off(body.get("off")))


def parse_faces(raw: object, least: int, most: int) -> tuple[Face, ...]:
    """A list of faces, neither too short nor too long."""
    if not isinstance(raw, list) or not least <= len(raw) <= most:
        count = f"{least} to {most}" if least < most else f"{most}"
        raise RequestError(f"faces must be a list of {count} faces.")
    return tuple(parse_face(face) for face in raw)


def parse_path(body: Mapping[str, Any]) -> Path:
    """{"faces", "durations" or "seconds", "mode", "easing", "loop"}."""
    faces = parse_faces(body.get("faces"), 2, KEYFRAMES)
    return Path(faces, parse_way(body, len(faces)))


def parse_field(body: Mapping[str, Any]) -> Field:
    """{"corners", "mode"}: with "lerp" the surface is flat."""
    return Field(parse_faces(body.get("corners"), 3, 4), one_of(body, "mode", MODES) == "lerp")


def parse_look(body: Mapping[str, Any]) -> Look:
    """{"size", "resample", "format"}; by default a bicubic JPEG of 256 pixels."""
    size = check_whole(body.get("size", 256), "size", MIN_SIZE, MAX_SIZE)
    resample = one_of(body, "resample", tuple(RESAMPLING))
    return Look(size, resample, one_of(body, "format", PICTURE_FORMATS))


def parse_variants(body: Mapping[str, Any]) -> list[tuple[Edit, ...]]:
    """{"variants": [[edit, …], …]}: what is added to a face, once for each cell of a sheet."""
    variants = body.get("variants")
    if not isinstance(variants, list) or not 0 < len(variants) <= FACES_ON_A_SHEET:
        raise RequestError(f"variants must be a list of 1 to {FACES_ON_A_SHEET} lists of edits.")
    return [parse_edits(edits) for edits in variants]


def parse_share(body: Mapping[str, Any], name: str) -> float:
    """A moment of a path, "t", or a coordinate of a field, "x" or "y": 0 … 1, and 0 where none is given."""
    return check_number(body.get(name, 0.0), name, 0.0, 1.0)
