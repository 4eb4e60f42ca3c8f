"""A face: a point of a model's latent space, given by seed, psi and edits, and the units of G that are ablated."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar

import torch
from pydantic import PlainValidator
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.latent import z_from_seed
from dcgan.schema.base import Schema, pick, read, read_object
from dcgan.schema.edit import Edit, LatentSpace, parse_edits, require_length
from dcgan.schema.latent_text import encode_z, parse_z
from dcgan.schema.numbers import check_psi, check_seed, check_whole, show

MAX_OFF = 512
FACES_ON_A_SHEET = 64
Off = tuple[tuple[int, int], ...]  # ablated units (layer, unit): unique and sorted


def parse_seed(raw: object) -> int:
    """Parse a seed from a number, or from text: a browser's numbers are exact only up to 2^53."""
    digits = isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= 19
    return check_seed(int(str(raw)) if digits else raw)


def parse_off(raw: object) -> Off:
    """Parse ablated units [[layer, unit], …]; None means none.

    The renderer checks that the model has these layers and units.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple) or len(raw) > MAX_OFF:
        raise RequestError(f"off must be a list of at most {MAX_OFF} units, each [layer, unit].")
    for pair in raw:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise RequestError(f"Each unit of off must be [layer, unit], not {show(pair)}.")
    return tuple(
        sorted({(check_whole(layer, "A layer", 0, 15), check_whole(unit, "A unit", 0, 65535)) for layer, unit in raw})
    )


class Face(Schema):
    """The latent psi · z(seed) + edits; with `z`, that latent replaces the seed's. `off` lists ablated units.

    Films ignore `off`.
    """

    noun: ClassVar[str] = "A face"

    seed: Annotated[int, PlainValidator(parse_seed)] = 0
    psi: Annotated[float, PlainValidator(check_psi)] = 1.0
    edits: Annotated[tuple[Edit, ...], PlainValidator(parse_edits)] = ()
    z: Annotated[tuple[float, ...] | None, PlainValidator(parse_z)] = None
    off: Annotated[Off, PlainValidator(parse_off)] = ()

    def latent(self, space: LatentSpace) -> Tensor:
        """Return psi · z + Σ amount · axis, [nz]. Raises RequestError if z or an axis does not fit the model."""
        if self.z is not None:
            require_length(self.z, space.nz)
        z = self.psi * (z_from_seed(self.seed, space.nz) if self.z is None else torch.tensor(self.z))
        for edit in self.edits:
            z += edit.amount * edit.axis(space)
        return z

    def fields(self) -> dict[str, Any]:
        """Return the face as JSON: the seed as text, "z" and "off" only if the face has them."""
        fields = {"seed": str(self.seed), "psi": self.psi, "edits": [edit.fields() for edit in self.edits]}
        if self.off:
            fields["off"] = [list(unit) for unit in self.off]
        return fields if self.z is None else {**fields, "z": encode_z(self.z)}

    def key(self) -> str:
        """Return a text that two faces share if and only if their pictures are equal, as `faceKey` in codec.js does.

        Amounts along the same axis are summed. Numbers are rounded to ten-thousandths, and z to half precision.
        """
        amounts: dict[str, float] = {}
        for edit in self.edits:
            amounts[edit.axis_text()] = amounts.get(edit.axis_text(), 0.0) + edit.amount
        moved = [f"{axis}:{ten_thousandths(amount)}" for axis, amount in amounts.items() if ten_thousandths(amount)]
        start = f"seed{self.seed}" if self.z is None else f"z{encode_z(self.z)}"
        off = [f"off{layer}.{unit}" for layer, unit in self.off]
        return " ".join([start, f"psi{ten_thousandths(self.psi)}", *sorted(moved), *off])


def ten_thousandths(number: float) -> int:
    """Return a number in ten-thousandths, with halves rounded up as in JavaScript's Math.round."""
    return math.floor(number * 1e4 + 0.5)


def parse_face(body: object) -> Face:
    """Parse a face from a request's "seed", "psi", "edits", "z" and "off"; other fields are ignored."""
    return read(Face, pick(Face, read_object(body)))


def parse_faces(raw: object, least: int, most: int) -> tuple[Face, ...]:
    """Parse a list of `least` to `most` faces."""
    if not isinstance(raw, list | tuple) or not least <= len(raw) <= most:
        count = f"{least} to {most}" if least < most else f"{most}"
        raise RequestError(f"faces must be a list of {count} faces.")
    return tuple(read(Face, face) for face in raw)
