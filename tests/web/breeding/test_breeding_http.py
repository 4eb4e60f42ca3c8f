"""The route of breeding, asked over HTTP."""

from __future__ import annotations

import pytest
from asking import ask_json, refusal
from live_page import live_page

from dcgan.latent import z_from_seeds
from dcgan.latent.breeding import breed
from dcgan.schema import encode_z


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


def test_children_are_those_of_the_seed(page):
    """The route's nine are `breed`'s, so the same seed gives the same generation again."""
    body = {"model": "first", "parents": [{"seed": 1}, {"seed": 2, "psi": 0.5}], "wildness": 0.3, "seed": 12}
    answer = ask_json(page, "breed", body)
    a, b = z_from_seeds([1, 2], 100)
    assert answer["children"] == [encode_z(z.tolist()) for z in breed(a, 0.5 * b, 0.3, 12)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"parents": [{"seed": 1}]}, "a list of 2 faces"),
        ({"parents": [{"seed": 1}] * 2, "wildness": 2}, "wildness"),
        ({"parents": [{"seed": 1}] * 2, "wildness": "much"}, "wildness"),
        ({"parents": [{"seed": 1}] * 2, "seed": -1}, "seed"),
    ],
)
def test_bad_requests_get_a_sentence(page, body, words):
    """What cannot be used is answered with 422 and one sentence."""
    assert words in refusal(page, "breed", body)
