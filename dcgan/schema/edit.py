"""Edits: what is added to a face's latent. The one file that knows every kind of edit.

Each kind says how it is written as JSON and in a link, and along which axis of a model's latent space it moves.
`web/common/codec.js` has the same kinds; `tests/schema/test_codec.py` compares the two for every kind of EDIT_KINDS.
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
# How directions are found, and the letter that stands for it in a link; the first where none is named.
METHODS = ("jacobian", "sefa", "pca")
LETTERS = dict(zip("jsp", METHODS, strict=True))


class LatentSpace(Protocol):
    """What edits have to know of a model."""

    @property
    def nz(self) -> int:
        """The number of its dimensions."""

    def directions(self, method: str) -> Tensor:
        """The axes [n, nz] of the directions that a method of METHODS finds."""


class Edit(Schema):
    """Adds `amount` along an axis; each kind says which. `key` is the field that tells the kind in JSON."""

    noun: ClassVar[str] = "An edit"
    key: ClassVar[str]
    link: ClassVar[re.Pattern[str]]  # of the axis in a link

    amount: Annotated[
        float, PlainValidator(lambda value: check_number(value, "An edit's amount", -MAX_AMOUNT, MAX_AMOUNT))
    ]

    def axis(self, space: LatentSpace) -> Tensor:
        """The unit vector [nz] in a model's latent space. Raises RequestError where the model has no such axis."""
        raise NotImplementedError

    def axis_text(self) -> str:
        """The axis as a link writes it; two edits along the same axis have the same text."""
        raise NotImplementedError

    @classmethod
    def from_link(cls, axis: re.Match[str]) -> dict[str, Any]:
        """The JSON of an axis that `link` matched."""
        raise NotImplementedError

    def fields(self) -> dict[str, Any]:
        """The edit as JSON, as `parse_edit` reads it."""
        return self.model_dump(exclude_defaults=True)


class DimEdit(Edit):
    """Along a dimension of z, counted from 0: d17 in a link."""

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
    """Along a discovered direction, counted from 0: j0 in a link for the Jacobian's, s0 for SeFa's, p0 for PCA's."""

    key: ClassVar[str] = "direction"
    link: ClassVar[re.Pattern[str]] = re.compile(r"([jsp])(\d{1,4})", re.ASCII)

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
        return {"direction": int(axis[2]), "method": LETTERS[axis[1]]}


class VectorEdit(Edit):
    """Along a unit vector of its own, such as a taught direction: v and its text in a link."""

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
    """{"dim": 3, "amount": 1.5}  →  an edit of its kind."""
    if isinstance(raw, EDIT_KINDS):
        return raw
    kinds = [kind for kind in EDIT_KINDS if isinstance(raw, Mapping) and kind.key in raw]
    if len(kinds) != 1:
        names = [f"a {kind.key!r}" for kind in EDIT_KINDS]
        choice = f"{', '.join(names[:-1])} or {names[-1]}"
        raise RequestError(f"An edit has an 'amount' and either {choice}, unlike {show(raw)}.")
    return read(kinds[0], raw)


def parse_edits(raw: object) -> tuple[Edit, ...]:
    """[{"dim": 3, "amount": 1.5}, {"direction": 0, "amount": -2}]  →  edits; None means none.

    The kinds of EDIT_KINDS. `Renderer.latent` says whether a model has that many dimensions or directions.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple):
        raise RequestError(f"Edits are a list such as [{{'dim': 3, 'amount': 1.5}}], not {show(raw)}.")
    if len(raw) > MAX_EDITS:
        raise RequestError(f"At most {MAX_EDITS} edits can be made at once, not {len(raw)}.")
    return tuple(parse_edit(item) for item in raw)


def require_length(numbers: tuple[float, ...], nz: int) -> None:
    """Raises RequestError for a latent or a vector that has not a model's number of dimensions."""
    if len(numbers) != nz:
        raise RequestError(f"This model's latents have {nz} numbers; z has {len(numbers)}, so it is of another model.")


def _require_index(what: str, index: int, count: int) -> None:
    if index >= count:
        raise RequestError(f"This model's {what}s are numbered 0 to {count - 1}; there is no {what} {index}.")
