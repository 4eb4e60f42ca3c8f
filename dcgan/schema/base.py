"""The parent of every type of the schema, and the one place where a library's complaint becomes a sentence of ours.

The validators of single fields raise RequestError, which pydantic lets through, since it is no ValueError. What
pydantic finds itself (no object, a key too many or too few) is worded here, so that no class name reaches a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dcgan.errors import RequestError
from dcgan.schema.numbers import show


class Schema(BaseModel):
    """A frozen value that was checked when it was made; `noun` is what a sentence calls it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    noun: ClassVar[str] = "The request"


T = TypeVar("T", bound=Schema)


def read(kind: type[T], raw: object) -> T:
    """A JSON object as a value of the schema. Raises RequestError with a sentence."""
    if isinstance(raw, kind):
        return raw
    try:
        return kind.model_validate(dict(raw) if isinstance(raw, Mapping) else raw)
    except ValidationError as error:
        raise RequestError(_sentence(kind, raw, error)) from None


def pick(kind: type[Schema], body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request that belong to a value of the schema: a request's other fields stand beside them."""
    return {name: body[name] for name in kind.model_fields if name in body}


def read_object(raw: object, noun: str = "The request") -> Mapping[str, Any]:
    """A JSON object. Raises RequestError for anything else."""
    if not isinstance(raw, Mapping):
        raise RequestError(f"{noun} must be a JSON object, not {show(raw)}.")
    return raw


def _sentence(kind: type[Schema], raw: object, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = show(first["loc"][0]) if first["loc"] else ""
    fields = _listed(list(kind.model_fields))
    if first["type"] == "missing":
        return f"{kind.noun} needs {name}; {show(raw)} has none."
    if first["type"] == "extra_forbidden":
        return f"{kind.noun} has no {name}; remove it, or use one of {fields}."
    return f"{kind.noun} must be a JSON object of {fields}, not {show(raw)}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
