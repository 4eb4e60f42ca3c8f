"""Sheets of small pictures over HTTP."""

from __future__ import annotations

import io

import numpy as np
from asking import ask, picture
from PIL import Image


def test_a_field_has_its_faces_in_its_corners(page):
    """Each corner of a field is its face, to one grey level; the field's sheet shows the last face in the last cell."""
    faces = [{"seed": 1}, {"seed": 2, "psi": 0.7}, {"seed": 3}, {"seed": 4}]
    for face, (x, y) in zip(faces, [(0, 0), (1, 0), (0, 1), (1, 1)], strict=True):
        shown = picture(page, {"corners": faces, "x": x, "y": y}).astype(int)
        assert np.abs(shown - picture(page, face)).max() <= 1
    status, content = ask(page, "sheet", {"corners": faces, "side": 3, "cell": 64, "columns": 3})
    sheet = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    assert status == 200 and sheet.shape == (192, 192, 3)
    last = picture(page, faces[3])
    assert np.abs(sheet[128:, 128:] - last).mean() < np.abs(sheet[:64, :64] - last).mean() / 2


def test_a_sheet_holds_its_variants_side_by_side(page):
    """Each cell of a sheet is the face with that cell's edits added; columns break it into rows."""
    body = {"seed": 5, "edits": [{"dim": 1, "amount": 1}], "variants": [[], [{"dim": 2, "amount": 3}], []]}
    status, content = ask(page, "sheet", {**body, "cell": 64, "columns": 2})
    sheet = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    assert status == 200 and sheet.shape == (128, 128, 3)
    edited = picture(page, {"seed": 5, "edits": [{"dim": 1, "amount": 1}, {"dim": 2, "amount": 3}]})
    plain = picture(page, {"seed": 5, "edits": [{"dim": 1, "amount": 1}]})

    def nearer_to_edited(cell):  # a sheet is a JPEG: near, not equal
        return np.abs(cell - edited).mean() < np.abs(cell - plain).mean() / 2

    assert nearer_to_edited(sheet[:64, 64:])
    assert not nearer_to_edited(sheet[:64, :64])
    assert not nearer_to_edited(sheet[64:, :64])
