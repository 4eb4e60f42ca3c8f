"""The grammar of a link's edits."""

from __future__ import annotations

import pytest

from dcgan.errors import RequestError
from dcgan.schema import DimEdit, DirectionEdit, encode_z, parse_link_edits


def test_link_edits_are_read_back():
    """Edits of every kind are read from a link's text; a text outside the grammar is refused."""
    assert parse_link_edits("d17:1.5,j0:-2") == (DimEdit(amount=1.5, dim=17), DirectionEdit(amount=-2.0, direction=0))
    assert parse_link_edits("") == ()
    assert parse_link_edits("s2:1,p7:-0.5") == (
        DirectionEdit(amount=1.0, direction=2, method="sefa"),
        DirectionEdit(amount=-0.5, direction=7, method="pca"),
    )
    (own,) = parse_link_edits(f"v{encode_z([0.6, 0.8])}:2")
    assert own.amount == 2 and encode_z(own.vector) == encode_z([0.6, 0.8])
    for text in (
        "d17",
        "d17:1.5,",
        "x1:1",
        "s:1",
        "v:1",
        "vé1:1",
        "v12",
        "d1:1e9",
        "d1:--1",
        "d1:1;j0:1",
        "d1:1," * 5000,
    ):
        with pytest.raises(RequestError, match="must look like"):
            parse_link_edits(text)
