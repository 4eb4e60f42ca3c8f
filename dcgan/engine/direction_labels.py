"""What people say of directions: names, locks and an order for those that were found, and directions they taught.

It arrives from outside as JSON and lies in a file's header as JSON, so it is checked the same way in both places:
everything here raises RequestError with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dcgan.errors import RequestError
from dcgan.validation import check_number, check_whole, flag, pack_z, parse_unit

LONGEST_NAME = 40
MOST_DIRECTIONS = 1024
MOST_TAUGHT = 64


@dataclass(frozen=True)
class Labels:
    """Of one method's directions, by their number: names, which are locked, and in which order they are shown."""

    names: Mapping[int, str] = field(default_factory=dict)
    locked: tuple[int, ...] = ()
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class Taught:
    """A direction that somebody taught: a unit vector [nz], its name, and how it was tested.

    accuracy: balanced, on examples held out, 0 … 1; has, has_not: how many examples; weights: the fingerprint of the
    generator it was taught on.
    """

    vector: tuple[float, ...]
    name: str
    accuracy: float
    has: int
    has_not: int
    locked: bool = False
    weights: str = ""

    @property
    def key(self) -> str:
        """The vector as text: what tells one from another."""
        return pack_z(self.vector)


@dataclass(frozen=True)
class Notes:
    """All of a model's: labels by method, and what was taught, in its order."""

    labels: Mapping[str, Labels] = field(default_factory=dict)
    taught: tuple[Taught, ...] = ()


def parse_name(raw: object) -> str:
    """A direction's name: one line, its spaces tidied; empty for none."""
    if not isinstance(raw, str):
        raise RequestError("A direction's name must be text.")
    name = " ".join(raw.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise RequestError(f"A direction's name may have at most {LONGEST_NAME} letters; shorten it.")
    return name


def parse_labels(raw: object) -> Labels:
    """{"names": {"0": "smile"}, "locked": [0], "order": [1, 0]}, each of which may be missing."""
    fields = _object(raw, "labels")
    names = _object(fields.get("names", {}), "names")
    if len(names) > MOST_DIRECTIONS:
        raise RequestError("There are more names than directions.")
    named = {_index(index): parse_name(name) for index, name in names.items()}
    numbers = {key: _numbers(fields.get(key, []), key) for key in ("locked", "order")}
    return Labels({index: name for index, name in named.items() if name}, numbers["locked"], numbers["order"])


def parse_taught(raw: object) -> Taught:
    """{"vector", "name", "accuracy", "has", "has_not", "locked", "weights"}."""
    fields = _object(raw, "A taught direction")
    weights = fields.get("weights", "")
    if not isinstance(weights, str) or len(weights) > 64:
        raise RequestError("A taught direction's weights must be a fingerprint.")
    name = parse_name(fields.get("name", ""))
    if not name:
        raise RequestError("A taught direction needs a name.")
    return Taught(
        vector=parse_unit(fields.get("vector")),
        name=name,
        accuracy=check_number(fields.get("accuracy"), "accuracy", 0.0, 1.0),
        has=check_whole(fields.get("has"), "has", 0, 10**6),
        has_not=check_whole(fields.get("has_not"), "has_not", 0, 10**6),
        locked=flag(fields, "locked"),
        weights=weights,
    )


def labels_fields(labels: Labels) -> dict[str, Any]:
    """Labels as JSON, as `parse_labels` reads them."""
    names = {str(index): name for index, name in labels.names.items()}
    return {"names": names, "locked": list(labels.locked), "order": list(labels.order)}


def taught_fields(taught: Taught) -> dict[str, Any]:
    """A taught direction as JSON, as `parse_taught` reads it."""
    return {**vars(taught), "vector": taught.key}


def _object(raw: object, name: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise RequestError(f"{name} must be a JSON object.")
    return raw


def _index(key: object) -> int:
    digits = isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= 4
    return check_whole(int(str(key)) if digits else key, "A direction's number", 0, MOST_DIRECTIONS - 1)


def _numbers(raw: object, name: str) -> tuple[int, ...]:
    if not isinstance(raw, list) or len(raw) > MOST_DIRECTIONS:
        raise RequestError(f"{name} must be a list of directions' numbers.")
    numbers = tuple(check_whole(number, f"Each number of {name}", 0, MOST_DIRECTIONS - 1) for number in raw)
    if len(set(numbers)) < len(numbers):
        raise RequestError(f"{name} names a direction twice.")
    return numbers
