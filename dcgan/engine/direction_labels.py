"""What people say of directions: names, locks and an order for those that were found, and directions they taught.

It arrives from outside as JSON and lies in a file's header as JSON, and both are read through the schema's checks:
everything here raises RequestError with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from pydantic import PlainValidator

from dcgan.errors import RequestError
from dcgan.schema import (
    Schema,
    check_flag,
    check_number,
    check_whole,
    encode_z,
    parse_unit_vector,
    pick,
    read,
    read_object,
)

LONGEST_NAME = 40
MAX_DIRECTIONS = 1024
MAX_TAUGHT = 64
MAX_EXAMPLES = 10**6
LONGEST_FINGERPRINT = 64


def parse_name(raw: object) -> str:
    """A direction's name: one line, its spaces tidied; empty for none."""
    if not isinstance(raw, str):
        raise RequestError("A direction's name must be text.")
    name = " ".join(raw.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise RequestError(f"A direction's name may have at most {LONGEST_NAME} letters; shorten it.")
    return name


def _check_names(raw: object) -> dict[int, str]:
    names = read_object(raw, "names")
    if len(names) > MAX_DIRECTIONS:
        raise RequestError("There are more names than directions.")
    named = {_index(index): parse_name(name) for index, name in names.items()}
    return {index: name for index, name in named.items() if name}


def _index(key: object) -> int:
    digits = isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= 4
    return check_whole(int(str(key)) if digits else key, "A direction's number", 0, MAX_DIRECTIONS - 1)


def _indices(name: str) -> PlainValidator:
    def check(raw: object) -> tuple[int, ...]:
        if not isinstance(raw, list | tuple) or len(raw) > MAX_DIRECTIONS:
            raise RequestError(f"{name} must be a list of directions' numbers.")
        numbers = tuple(check_whole(number, f"Each number of {name}", 0, MAX_DIRECTIONS - 1) for number in raw)
        if len(set(numbers)) < len(numbers):
            raise RequestError(f"{name} names a direction twice.")
        return numbers

    return PlainValidator(check)


def _count(name: str) -> PlainValidator:
    return PlainValidator(lambda value: check_whole(value, name, 0, MAX_EXAMPLES))


def _check_taught_name(raw: object) -> str:
    name = parse_name(raw)
    if not name:
        raise RequestError("A taught direction needs a name.")
    return name


def _check_fingerprint(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > LONGEST_FINGERPRINT:
        raise RequestError("A taught direction's weights must be a fingerprint.")
    return raw


class Labels(Schema):
    """Of one method's directions, by their number: names, which are locked, and in which order they are shown."""

    noun: ClassVar[str] = "labels"

    names: Annotated[Mapping[int, str], PlainValidator(_check_names)] = {}
    locked: Annotated[tuple[int, ...], _indices("locked")] = ()
    order: Annotated[tuple[int, ...], _indices("order")] = ()


class Taught(Schema):
    """A direction that somebody taught: a unit vector [nz], its name, and how it was tested.

    accuracy: balanced, on examples held out, 0 … 1; has, has_not: how many examples; weights: the fingerprint of the
    generator it was taught on.
    """

    noun: ClassVar[str] = "A taught direction"

    vector: Annotated[tuple[float, ...], PlainValidator(parse_unit_vector)]
    name: Annotated[str, PlainValidator(_check_taught_name)]
    accuracy: Annotated[float, PlainValidator(lambda value: check_number(value, "accuracy", 0.0, 1.0))]
    has: Annotated[int, _count("has")]
    has_not: Annotated[int, _count("has_not")]
    locked: Annotated[bool, PlainValidator(lambda value: check_flag(value, "locked"))] = False
    weights: Annotated[str, PlainValidator(_check_fingerprint)] = ""

    @property
    def key(self) -> str:
        """The vector as text: what tells one from another."""
        return encode_z(self.vector)


@dataclass(frozen=True)
class Notes:
    """All of a model's: labels by method, and what was taught, in its order."""

    labels: Mapping[str, Labels] = field(default_factory=dict)
    taught: tuple[Taught, ...] = ()


def parse_labels(raw: object) -> Labels:
    """{"names": {"0": "smile"}, "locked": [0], "order": [1, 0]}, each of which may be missing."""
    return read(Labels, pick(Labels, read_object(raw, Labels.noun)))


def parse_taught(raw: object) -> Taught:
    """{"vector", "name", "accuracy", "has", "has_not", "locked", "weights"}."""
    return read(Taught, pick(Taught, read_object(raw, Taught.noun)))


def labels_fields(labels: Labels) -> dict[str, Any]:
    """Labels as JSON, as `parse_labels` reads them."""
    names = {str(index): name for index, name in labels.names.items()}
    return {"names": names, "locked": list(labels.locked), "order": list(labels.order)}


def taught_fields(taught: Taught) -> dict[str, Any]:
    """A taught direction as JSON, as `parse_taught` reads it."""
    return {**taught.model_dump(), "vector": taught.key}
