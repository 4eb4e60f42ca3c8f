"""Edits along directions over HTTP: in a frame, a sheet and a link."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from asking import ask, ask_json, picture, refusal, rendered

from dcgan.schema import Face, encode_z, parse_z


@pytest.mark.parametrize("method", ["sefa", "pca"])
def test_directions_of_other_methods_are_drawn_and_linked(page, method):
    """A direction of SeFa or PCA is drawn in a frame and a sheet and comes back from a link; its shares differ."""
    shares = ask_json(page, f"directions?model=first&method={method}")["shares"]
    assert shares == sorted(shares, reverse=True) and len(shares) == 8
    assert shares != ask_json(page, "directions?model=first")["shares"]
    edit = {"direction": 1, "method": method, "amount": 2.0}
    z = (
        page.services.renderer.latent("first", Face(seed=5))
        + 2 * page.services.renderer.directions("first", method).axes[1]
    )
    shown = picture(page, {"model": "first", "seed": 5, "edits": [edit]})
    assert np.array_equal(shown, rendered(page, "first", z))
    assert ask(page, "sheet", {"model": "first", "seed": 5, "variants": [[edit], []]})[0] == 200
    answer = ask_json(page, f"open?model=first&seed=5&edits={method[0]}1:2")
    assert answer["face"]["edits"] == [edit] and answer["problems"] == []


def test_a_direction_given_as_a_vector_is_drawn_and_linked(page):
    """A direction that the server does not know is drawn from its vector, which comes back from a link unchanged."""
    vector = page.services.renderer.directions("second").axes[0]
    text = encode_z(vector.tolist())
    shown = picture(page, {"model": "first", "seed": 5, "edits": [{"vector": text, "amount": -2}]})
    z = page.services.renderer.latent("first", Face(seed=5)) - 2 * torch.tensor(parse_z(text))
    assert np.array_equal(shown, rendered(page, "first", z))
    answer = ask_json(page, f"open?model=first&seed=5&edits=v{text}:-2")
    assert answer["face"]["edits"] == [{"vector": text, "amount": -2.0}] and answer["problems"] == []
    answer = ask_json(page, f"open?model=first&seed=5&edits=v{encode_z([0.6, 0.8])}:-2")
    assert answer["face"]["edits"] == [] and "another model" in answer["problems"][0]


@pytest.mark.parametrize("path", ["directions?model=nobody", "directions?model=first&method=magic"])
def test_directions_that_do_not_exist_are_refused(page, path):
    """Directions of an unknown model or method get one readable sentence."""
    refusal(page, path)
