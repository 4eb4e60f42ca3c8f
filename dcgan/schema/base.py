"""The base class of the schema's types, and the conversion of pydantic's errors to RequestError.

The validators of single fields raise RequestError. Pydantic passes it on, because it is not a ValueError. Errors that
pydantic finds itself (not an object, an unknown or a missing field) are reworded here, without Python class names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dcgan.errors import RequestError
from dcgan.schema.numbers import show


class Schema(BaseModel):
    """An immutable value, validated at construction; `noun` is its name in error messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    noun: ClassVar[str] = "The request"


T = TypeVar("T", bound=Schema)


def read(kind: type[T], raw: object) -> T:
    """Convert a JSON object to a type of the schema. Raises RequestError."""
    if isinstance(raw, kind):
        return raw
    try:
        return kind.model_validate(dict(raw) if isinstance(raw, Mapping) else raw)
    except ValidationError as error:
        raise RequestError(_message(kind, raw, error)) from None


def pick(kind: type[Schema], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields of a request that `kind` has; the request may have others."""
    return {name: body[name] for name in kind.model_fields if name in body}


def read_object(raw: object, noun: str = "The request") -> Mapping[str, Any]:
    """Return `raw` if it is a JSON object. Raises RequestError otherwise."""
    if not isinstance(raw, Mapping):
        raise RequestError(f"{noun} must be a JSON object, not {show(raw)}.")
    return raw


def _message(kind: type[Schema], raw: object, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = show(first["loc"][0]) if first["loc"] else ""
    fields = _enumerate(list(kind.model_fields))
    if first["type"] == "missing":
        return f"{kind.noun} needs the field {name}, which is missing in {show(raw)}."
    if first["type"] == "extra_forbidden":
        return f"{kind.noun} has no field {name}; remove it, or use one of {fields}."
    return f"{kind.noun} must be a JSON object with the fields {fields}, not {show(raw)}."


def _enumerate(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
