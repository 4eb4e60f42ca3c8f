"""Parsers of the other fields of a request: a model's name, coordinates from 0 to 1, and variants of a face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dcgan.errors import RequestError
from dcgan.schema.edit import Edit, parse_edits
from dcgan.schema.face import FACES_ON_A_SHEET
from dcgan.schema.numbers import check_number

LONGEST_MODEL_NAME = 100


def parse_model(body: Mapping[str, Any], names: Callable[[], list[str]]) -> str:
    """Return the requested model's name, or the first known one. The renderer checks that the model exists."""
    model = body.get("model") or ""
    if not isinstance(model, str) or len(model) > LONGEST_MODEL_NAME:
        raise RequestError("model must be the name of a model.")
    if model:
        return model
    known = names()
    if not known:
        raise RequestError("There is no model yet: train one on the Train tab, or put one into the checkpoint folder.")
    return known[0]


def parse_variants(body: Mapping[str, Any]) -> list[tuple[Edit, ...]]:
    """Parse {"variants": [[edit, …], …]}: the edits that each cell of a sheet adds to one face."""
    variants = body.get("variants")
    if not isinstance(variants, list) or not 0 < len(variants) <= FACES_ON_A_SHEET:
        raise RequestError(f"variants must be a list of 1 to {FACES_ON_A_SHEET} lists of edits.")
    return [parse_edits(edits) for edits in variants]


def parse_fraction(body: Mapping[str, Any], name: str) -> float:
    """Return a number from 0 to 1, by default 0: the time "t" on a path, or the coordinate "x" or "y" in a field."""
    return check_number(body.get(name, 0.0), name, 0.0, 1.0)
