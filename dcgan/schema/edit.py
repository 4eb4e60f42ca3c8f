"""Edits: steps along an axis that are added to a face's latent.

Each kind defines its JSON, its text in a link, and its axis in a model's latent space. `web/common/codec.js` implements
the same kinds; `tests/schema/test_codec.py` compares both for every kind in EDIT_KINDS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Protocol

import torch
from pydantic import PlainValidator
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.schema.base import Schema, read
from dcgan.schema.latent_text import MAX_NZ, encode_z, parse_unit_vector
from dcgan.schema.numbers import check_choice, check_number, check_whole, show

MAX_AMOUNT = 10.0
MAX_EDITS = 2048
# Methods of finding directions; the first is the default. In a link the first letter stands for the method.
METHODS = ("jacobian", "sefa", "pca")
METHOD_OF_LETTER = {method[0]: method for method in METHODS}


class LatentSpace(Protocol):
    """The properties of a model's latent space that edits use."""

    @property
    def nz(self) -> int:
        """The number of dimensions of z."""

    def directions(self, method: str) -> Tensor:
        """Return the axes [n, nz] of the directions that one of METHODS finds."""


class Edit(Schema):
    """Adds `amount` times an axis, which each kind defines. `key` is the JSON field that identifies the kind."""

    noun: ClassVar[str] = "An edit"
    key: ClassVar[str]
    link: ClassVar[re.Pattern[str]]  # matches the axis in a link

    amount: Annotated[
        float, PlainValidator(lambda value: check_number(value, "An edit's amount", -MAX_AMOUNT, MAX_AMOUNT))
    ]

    def axis(self, space: LatentSpace) -> Tensor:
        """Return the unit vector [nz] in a model's latent space. Raises RequestError if the model has no such axis."""
        raise NotImplementedError

    def axis_text(self) -> str:
        """Return the axis as text for a link; edits along the same axis have the same text."""
        raise NotImplementedError

    @classmethod
    def from_link(cls, axis: re.Match[str]) -> dict[str, Any]:
        """Return the JSON of an axis from a match of `link`."""
        raise NotImplementedError

    def fields(self) -> dict[str, Any]:
        """Return the edit as JSON that `parse_edit` reads."""
        return self.model_dump(exclude_defaults=True)


class DimEdit(Edit):
    """A step along a dimension of z, counted from 0. In a link: d17."""

    key: ClassVar[str] = "dim"
    link: ClassVar[re.Pattern[str]] = re.compile(r"d(\d{1,4})", re.ASCII)

    dim: Annotated[int, PlainValidator(lambda value: check_whole(value, "An edit's dim", 0, MAX_NZ - 1))]

    def axis(self, space: LatentSpace) -> Tensor:
        _require_index("dimension", self.dim, space.nz)
        axis = torch.zeros(space.nz)
        axis[self.dim] = 1.0
        return axis

    def axis_text(self) -> str:
        return f"d{self.dim}"

    @classmethod
    def from_link(cls, axis: re.Match[str]) -> dict[str, Any]:
        return {"dim": int(axis[1])}


class DirectionEdit(Edit):
    """A step along a discovered direction, counted from 0. In a link: j0 (Jacobian), s0 (SeFa) or p0 (PCA)."""

    key: ClassVar[str] = "direction"
    link: ClassVar[re.Pattern[str]] = re.compile(rf"([{''.join(METHOD_OF_LETTER)}])(\d{{1,4}})", re.ASCII)

    direction: Annotated[int, PlainValidator(lambda value: check_whole(value, "An edit's direction", 0, MAX_NZ - 1))]
    method: Annotated[str, PlainValidator(lambda value: check_choice(value, "method", METHODS))] = METHODS[0]

    def axis(self, space: LatentSpace) -> Tensor:
        axes = space.directions(self.method)
        _require_index("direction", self.direction, len(axes))
        return axes[self.direction]

    def axis_text(self) -> str:
        return f"{self.method[0]}{self.direction}"

    @classmethod
    def from_link(cls, axis: re.Match[str]) -> dict[str, Any]:
        return {"direction": int(axis[2]), "method": METHOD_OF_LETTER[axis[1]]}


class VectorEdit(Edit):
    """A step along a given unit vector, such as a taught direction. In a link: v and `encode_z`'s text."""

    key: ClassVar[str] = "vector"
    link: ClassVar[re.Pattern[str]] = re.compile(r"v([\w-]{2,2732})", re.ASCII)

    vector: Annotated[tuple[float, ...], PlainValidator(parse_unit_vector)]

    def axis(self, space: LatentSpace) -> Tensor:
        require_length(self.vector, space.nz)
        return torch.tensor(self.vector)

    def axis_text(self) -> str:
        return f"v{encode_z(self.vector)}"

    @classmethod
    def from_link(cls, axis: re.Match[str]) -> dict[str, Any]:
        return {"vector": axis[1]}

    def fields(self) -> dict[str, Any]:
        return {"amount": self.amount, "vector": encode_z(self.vector)}


EDIT_KINDS: tuple[type[Edit], ...] = (DimEdit, DirectionEdit, VectorEdit)


def parse_edit(raw: object) -> Edit:
    """Parse an edit such as {"dim": 3, "amount": 1.5}."""
    if isinstance(raw, EDIT_KINDS):
        return raw
    kinds = [kind for kind in EDIT_KINDS if isinstance(raw, Mapping) and kind.key in raw]
    if len(kinds) != 1:
        names = [repr(kind.key) for kind in EDIT_KINDS]
        choice = f"{', '.join(names[:-1])} or {names[-1]}"
        raise RequestError(f"An edit must have an 'amount' and one of {choice}, not {show(raw)}.")
    return read(kinds[0], raw)


def parse_edits(raw: object) -> tuple[Edit, ...]:
    """Parse a list such as [{"dim": 3, "amount": 1.5}, {"direction": 0, "amount": -2}]; None means no edits.

    `Renderer.latent` checks that the model has these dimensions or directions.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple):
        raise RequestError(f"Edits must be a list such as [{{'dim': 3, 'amount': 1.5}}], not {show(raw)}.")
    if len(raw) > MAX_EDITS:
        raise RequestError(f"A face can have at most {MAX_EDITS} edits, not {len(raw)}.")
    return tuple(parse_edit(item) for item in raw)


def require_length(numbers: tuple[float, ...], nz: int) -> None:
    """Raise RequestError if a latent or vector does not have `nz` numbers."""
    if len(numbers) != nz:
        raise RequestError(f"This model's latents have {nz} numbers; z has {len(numbers)}, so it is of another model.")


def _require_index(what: str, index: int, count: int) -> None:
    if index >= count:
        raise RequestError(f"This model's {what}s are numbered 0 to {count - 1}; there is no {what} {index}.")
