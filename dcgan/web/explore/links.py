"""A face as a link: `?model=faces&seed=42&psi=0.8&edits=d17:1.5,j0:-2` opens the page on exactly that face.

In `edits`, d is a plain dimension and j a direction found by the Jacobian (s by SeFa, p by PCA), counted from 0; v is a
direction of one's own, its vector as `requests.pack_z` writes it. The number after the colon is added there. A face
that no seed stands for carries its latent instead: `z=` and what `requests.pack_z` makes of it. `off=0.137,2.5` turns
units of the generator off, each layer.unit. A link is typed and mangled by people, so each part that cannot be used is
named and replaced by its default, and the rest is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dcgan.engine.renderer import Renderer
from dcgan.errors import DCGANError, RequestError
from dcgan.store import ModelStore
from dcgan.validation import METHODS, Edit, check_psi, check_seed, pack_z, parse_edits, parse_off, parse_z
from dcgan.web.schema import Face

DEFAULT_SEED = 27
LETTERS = dict(zip("jsp", METHODS, strict=True))
EDIT = re.compile(r"(?:([djsp])(\d{1,4})|v([\w-]{2,2732})):(-?\d{1,3}(?:\.\d{1,6})?)", re.ASCII)
OFF = re.compile(r"(\d{1,2})\.(\d{1,5})")
LONGEST = 16_384  # characters of a link's `edits`


def open_link(params: Mapping[str, str], store: ModelStore, renderer: Renderer) -> tuple[str, Face, list[str]]:
    """The model and the face that a link names, with one sentence for each part of it that was not usable.

    Raises RequestError only when there is no model at all.
    """
    problems: list[str] = []
    names = store.names()
    if not names:
        raise RequestError("There is no model yet: train one on the Train tab, or put one into the checkpoint folder.")
    model = params.get("model", names[0])
    try:
        renderer.info(model)
    except DCGANError as error:
        problems.append(f"{error} Showing {names[0]} instead.")
        model = names[0]
    seed, psi = DEFAULT_SEED, 1.0
    edits: tuple[Edit, ...] = ()
    try:
        seed = _seed(params["seed"]) if "seed" in params else seed
    except RequestError as error:
        problems.append(f"{error} Showing seed {seed}.")
    try:
        psi = _psi(params["psi"]) if "psi" in params else psi
    except RequestError as error:
        problems.append(f"{error} Showing psi {psi:g}.")
    z = None
    try:
        z = parse_z(params.get("z"))
        renderer.latent(model, seed, own=z)  # says when it is of another model
    except DCGANError as error:
        problems.append(f"{error} Showing seed {seed}.")
        z = None
    try:
        edits = parse_link_edits(params.get("edits", ""))
        renderer.latent(model, seed, psi, edits)  # says which dimension or direction this model lacks
    except DCGANError as error:
        problems.append(f"{error} Showing the face without its edits.")
        edits = ()
    off: tuple[tuple[int, int], ...] = ()
    try:
        off = parse_link_off(params.get("off", ""))
        renderer.check_off(model, off)
    except DCGANError as error:
        problems.append(f"{error} Showing the face with all units on.")
        off = ()
    return model, Face(seed, psi, edits, z, off), problems


def face_fields(face: Face) -> dict[str, Any]:
    """A face as JSON, as `ask.parse_face` reads it: the seed as text, "z" and "off" only where the face has them."""
    fields = {"seed": str(face.seed), "psi": face.psi, "edits": [edit_fields(edit) for edit in face.edits]}
    if face.off:
        fields["off"] = [list(unit) for unit in face.off]
    return fields if face.z is None else {**fields, "z": pack_z(face.z)}


def parse_link_edits(text: str) -> tuple[Edit, ...]:
    """`d17:1.5,j0:-2`  →  edits. Raises RequestError."""
    if not text:
        return ()
    raw: list[dict[str, Any]] = []
    for part in text.split(",") if len(text) <= LONGEST else [""]:
        match = EDIT.fullmatch(part)
        if match is None:
            shown = f" not {part[:20]!r}" if part else ""
            raise RequestError(f"The link's edits must look like d17:1.5,j0:-2,{shown or ' and be fewer'}.")
        letter, index, vector, amount = match.groups()
        if vector:
            place: dict[str, Any] = {"vector": vector}
        else:
            place = {"dim": int(index)} if letter == "d" else {"direction": int(index), "method": LETTERS[letter]}
        raw.append({**place, "amount": float(amount)})
    return parse_edits(raw)


def parse_link_off(text: str) -> tuple[tuple[int, int], ...]:
    """`0.137,2.5`  →  (layer, unit) of units that are off. Raises RequestError."""
    found = [OFF.fullmatch(part) for part in text.split(",")] if text and len(text) <= LONGEST else []
    if None in found or (text and not found):
        raise RequestError("The link's units that are off must look like off=0.137,2.5, each layer.unit.")
    return parse_off([(int(match[1]), int(match[2])) for match in found if match])


def edit_fields(edit: Edit) -> dict[str, Any]:
    """An edit as JSON, as `parse_edits` reads it."""
    fields = {name: value for name, value in vars(edit).items() if value is not None}
    return fields if edit.vector is None else {**fields, "vector": pack_z(edit.vector)}


def _seed(text: str) -> int:
    return check_seed(int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else text[:20])


def _psi(text: str) -> float:
    try:
        return check_psi(float(text))
    except ValueError:
        return check_psi(text[:20])
