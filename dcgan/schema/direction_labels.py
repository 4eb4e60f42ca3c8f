"""Labels that users give to directions (names, locks and an order), and directions fitted to a user's examples.

Both come as JSON, from requests and from the header of directions.safetensors. Every parser here raises RequestError.
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
    """Return a direction's name as one line with single spaces; "" means no name."""
    if not isinstance(raw, str):
        raise RequestError("A direction's name must be text.")
    name = " ".join(raw.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise RequestError(f"A direction's name may have at most {LONGEST_NAME} printable characters; change it.")
    return name


def _check_names(raw: object) -> dict[int, str]:
    names = read_object(raw, "names")
    if len(names) > MAX_DIRECTIONS:
        raise RequestError(f"At most {MAX_DIRECTIONS} directions can have a name, not {len(names)}.")
    named = {_index(index): parse_name(name) for index, name in names.items()}
    return {index: name for index, name in named.items() if name}


def _index(key: object) -> int:
    digits = isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= 4
    return check_whole(int(str(key)) if digits else key, "A direction's number", 0, MAX_DIRECTIONS - 1)


def _indices(name: str) -> PlainValidator:
    def check(raw: object) -> tuple[int, ...]:
        if not isinstance(raw, list | tuple) or len(raw) > MAX_DIRECTIONS:
            raise RequestError(f"{name} must be a list of at most {MAX_DIRECTIONS} numbers of directions.")
        numbers = tuple(check_whole(number, f"Each number of {name}", 0, MAX_DIRECTIONS - 1) for number in raw)
        if len(set(numbers)) < len(numbers):
            raise RequestError(f"{name} has the same direction twice; list each once.")
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
        raise RequestError(
            f"A taught direction's weights must be a fingerprint of at most {LONGEST_FINGERPRINT} characters."
        )
    return raw


class MethodLabels(Schema):
    """Labels of the directions that one method found: names by index, locked indices, and indices in display order."""

    noun: ClassVar[str] = "A set of labels"

    names: Annotated[Mapping[int, str], PlainValidator(_check_names)] = {}
    locked: Annotated[tuple[int, ...], _indices("locked")] = ()
    order: Annotated[tuple[int, ...], _indices("order")] = ()


class TaughtDirection(Schema):
    """A direction fitted to a user's examples: a unit vector [nz], its name and its accuracy.

    accuracy: balanced, cross-validated, 0 … 1; has, has_not: numbers of examples with and without the trait; weights:
    fingerprint of the generator that the direction was fitted on.
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
        """The vector as text; it identifies the direction."""
        return encode_z(self.vector)


@dataclass(frozen=True)
class DirectionLabels:
    """All labels of one model: by method, and its taught directions in display order."""

    by_method: Mapping[str, MethodLabels] = field(default_factory=dict)
    taught: tuple[TaughtDirection, ...] = ()


def parse_labels(raw: object) -> MethodLabels:
    """Parse {"names": {"0": "smile"}, "locked": [0], "order": [1, 0]}; each field may be missing."""
    return read(MethodLabels, pick(MethodLabels, read_object(raw, MethodLabels.noun)))


def parse_taught(raw: object) -> TaughtDirection:
    """Parse {"vector", "name", "accuracy", "has", "has_not", "locked", "weights"}."""
    return read(TaughtDirection, pick(TaughtDirection, read_object(raw, TaughtDirection.noun)))


def labels_fields(labels: MethodLabels) -> dict[str, Any]:
    """Return labels as JSON that `parse_labels` reads."""
    names = {str(index): name for index, name in labels.names.items()}
    return {"names": names, "locked": list(labels.locked), "order": list(labels.order)}


def taught_fields(taught: TaughtDirection) -> dict[str, Any]:
    """Return a taught direction as JSON that `parse_taught` reads."""
    return {**taught.model_dump(), "vector": taught.key}
