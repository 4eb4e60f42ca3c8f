"""A face as a link: `?model=faces&seed=42&psi=0.8&edits=d17:1.5,j0:-2` opens the page on exactly that face.

In `edits` each axis is written as its kind of edit says (`edit.py`), and the number after the colon is added there. A
face that no seed stands for carries its latent instead: `z=` and `encode_z`'s text. `off=0.137,2.5` turns units of the
generator off, each layer.unit. `web/common/codec.js` writes the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from dcgan.errors import RequestError
from dcgan.schema.edit import EDIT_KINDS, Edit, parse_edits
from dcgan.schema.face import Face, Off, parse_off, parse_seed, ten_thousandths
from dcgan.schema.latent_text import encode_z, parse_z
from dcgan.schema.numbers import check_psi

LONGEST = 16_384  # characters of a link's `edits`
AMOUNT = re.compile(r"-?\d{1,3}(?:\.\d{1,6})?", re.ASCII)
UNIT = re.compile(r"(\d{1,2})\.(\d{1,5})", re.ASCII)


def face_link(model: str, face: Face) -> str:
    """The query of a link that opens the page on this face of a model."""
    params = {"model": model, "seed": str(face.seed)}
    if face.z is not None:
        params = {"model": model, "z": encode_z(face.z)}
    if ten_thousandths(face.psi) != ten_thousandths(1.0):
        params["psi"] = _tidy(face.psi)
    edits = [f"{edit.axis_text()}:{_tidy(edit.amount)}" for edit in face.edits if ten_thousandths(edit.amount)]
    if edits:
        params["edits"] = ",".join(edits)
    if face.off:
        params["off"] = ",".join(f"{layer}.{unit}" for layer, unit in face.off)
    # colons and commas may stand in a query as they are; such a link can be read
    return "?" + "&".join(f"{name}={quote(value, safe=':,!*()' + chr(39))}" for name, value in params.items())


def parse_link_seed(text: str) -> int:
    """`42`  →  42."""
    return parse_seed(text[:20])


def parse_link_psi(text: str) -> float:
    """`0.8`  →  0.8."""
    try:
        return check_psi(float(text))
    except ValueError:
        return check_psi(text[:20])


def parse_link_edits(text: str) -> tuple[Edit, ...]:
    """`d17:1.5,j0:-2`  →  edits."""
    if not text:
        return ()
    return parse_edits([_link_edit(part) for part in text.split(",")] if len(text) <= LONGEST else [_link_edit("")])


def parse_link_off(text: str) -> Off:
    """`0.137,2.5`  →  (layer, unit) of units that are off."""
    found = [UNIT.fullmatch(part) for part in text.split(",")] if text and len(text) <= LONGEST else []
    if None in found or (text and not found):
        raise RequestError("The link's units that are off must look like off=0.137,2.5, each layer.unit.")
    return parse_off([(int(match[1]), int(match[2])) for match in found if match])


# The parts of a link that make a face, in the order in which they are read.
LINK_PARTS: Mapping[str, Callable[[str], Any]] = {
    "seed": parse_link_seed,
    "psi": parse_link_psi,
    "z": parse_z,
    "edits": parse_link_edits,
    "off": parse_link_off,
}


def parse_link(params: Mapping[str, str]) -> Face:
    """The face of a link's query. Raises RequestError for the first part that cannot be used."""
    return Face(**{name: parse(params[name]) for name, parse in LINK_PARTS.items() if name in params})


def _link_edit(part: str) -> dict[str, Any]:
    axis, _, amount = part.partition(":")
    for kind in EDIT_KINDS:
        match = kind.link.fullmatch(axis)
        if match and AMOUNT.fullmatch(amount):
            return {**kind.from_link(match), "amount": float(amount)}
    shown = f" not {part[:20]!r}" if part else " and be fewer"
    raise RequestError(f"The link's edits must look like d17:1.5,j0:-2,{shown}.")


def _tidy(number: float) -> str:
    return f"{ten_thousandths(number) / 1e4:.4f}".rstrip("0").rstrip(".")
