"""A face as a link, such as `?model=faces&seed=42&psi=0.8&edits=d17:1.5,j0:-2`, which opens the page on that face.

`edits` lists axis:amount; the kind of edit defines the axis's text (`edit.py`). A face without a seed has `z=` and
`encode_z`'s text instead. `off=0.137,2.5` lists ablated units as layer.unit. `web/common/codec.js` writes the same.
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
EDITS_FORM = "The link's edits must look like d17:1.5,j0:-2"
UNIT = re.compile(r"(\d{1,2})\.(\d{1,5})", re.ASCII)


def face_link(model: str, face: Face) -> str:
    """Return the query of a link that opens the page on this face of a model."""
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
    # Colons and commas are allowed in a query; unescaped, the link stays readable.
    return "?" + "&".join(f"{name}={quote(value, safe=':,!*()' + chr(39))}" for name, value in params.items())


def parse_link_seed(text: str) -> int:
    """Parse `42`."""
    return parse_seed(text[:20])


def parse_link_psi(text: str) -> float:
    """Parse `0.8`."""
    try:
        return check_psi(float(text))
    except ValueError:
        return check_psi(text[:20])


def parse_link_edits(text: str) -> tuple[Edit, ...]:
    """Parse `d17:1.5,j0:-2`; "" means no edits."""
    if not text:
        return ()
    if len(text) > LONGEST:
        raise RequestError(f"{EDITS_FORM} in at most {LONGEST} characters, not {len(text)}.")
    return parse_edits([_link_edit(part) for part in text.split(",")])


def parse_link_off(text: str) -> Off:
    """Parse ablated units such as `0.137,2.5`, each layer.unit."""
    found = [UNIT.fullmatch(part) for part in text.split(",")] if text and len(text) <= LONGEST else []
    if None in found or (text and not found):
        raise RequestError("The link's off must look like 0.137,2.5: units that are off, each layer.unit.")
    return parse_off([(int(match[1]), int(match[2])) for match in found if match])


# The parts of a link that define a face, in parsing order.
LINK_PARTS: Mapping[str, Callable[[str], Any]] = {
    "seed": parse_link_seed,
    "psi": parse_link_psi,
    "z": parse_z,
    "edits": parse_link_edits,
    "off": parse_link_off,
}


def parse_link(params: Mapping[str, str]) -> Face:
    """Parse the face of a link's query. Raises RequestError for the first invalid part."""
    return Face(**{name: parse(params[name]) for name, parse in LINK_PARTS.items() if name in params})


def _link_edit(part: str) -> dict[str, Any]:
    axis, _, amount = part.partition(":")
    for kind in EDIT_KINDS:
        match = kind.link.fullmatch(axis)
        if match and AMOUNT.fullmatch(amount):
            return {**kind.from_link(match), "amount": float(amount)}
    raise RequestError(f"{EDITS_FORM}, not {part[:20]!r}.")


def _tidy(number: float) -> str:
    return f"{ten_thousandths(number) / 1e4:.4f}".rstrip("0").rstrip(".")
