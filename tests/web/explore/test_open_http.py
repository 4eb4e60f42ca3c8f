"""Opening a link over HTTP: the models, the face it names, and what could not be used."""

from __future__ import annotations

import json

import pytest
from asking import ask, ask_json

from dcgan.schema import Face, encode_z


def test_open_without_a_link_gives_a_face(page):
    """A bare address opens on the first model and its default face, and names the device."""
    answer = ask_json(page, "open")
    assert answer["models"] == ["first", "second"]
    assert answer["model"]["name"] == "first" and answer["model"]["nz"] == 100
    assert answer["face"] == {"seed": "27", "psi": 1.0, "edits": []}
    assert answer["device"] == page.services.renderer.device_label
    assert answer["problems"] == []


def test_open_hides_where_the_training_data_lie(page):
    """The answer names the training data, not their folder on the server."""
    _, content = ask(page, "open")
    assert json.loads(content)["model"]["data"] == "tiny-1"
    assert b"secret" not in content


def test_open_follows_a_link(page):
    """Model, seed (up to 2^63 - 1, digit for digit), psi and edits of a link arrive as they were."""
    answer = ask_json(page, "open?model=second&seed=9223372036854775807&psi=0.5&edits=d3:1.5,j0:-2")
    assert answer["model"]["name"] == "second"
    assert answer["face"] == {
        "seed": "9223372036854775807",
        "psi": 0.5,
        "edits": [{"amount": 1.5, "dim": 3}, {"amount": -2.0, "direction": 0}],
    }


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("seed=potato&psi=0.5", {"seed": "27", "psi": 0.5}),
        ("seed=-1", {"seed": "27"}),
        ("seed=99999999999999999999", {"seed": "27"}),
        ("seed=7&psi=nan", {"seed": "7", "psi": 1.0}),
        ("seed=7&psi=17", {"seed": "7", "psi": 1.0}),
        ("seed=7&edits=d100:1", {"seed": "7", "edits": []}),
        ("seed=7&edits=j99:1", {"seed": "7", "edits": []}),
        ("seed=7&edits=d1:500", {"seed": "7", "edits": []}),
        ("seed=7&edits=<script>", {"seed": "7", "edits": []}),
        ("seed=7&model=../../etc/passwd", {"seed": "7"}),
    ],
)
def test_a_bad_part_of_a_link_is_named_and_the_rest_kept(page, query, kept):
    """Each unusable part of a link gives one sentence and its default value; the other parts are kept."""
    answer = ask_json(page, f"open?{query}")
    assert len(answer["problems"]) == 1 and answer["problems"][0].endswith(".")
    assert "Showing" in answer["problems"][0]
    assert answer["model"]["name"] == "first"
    assert {key: answer["face"][key] for key in kept} == kept


def test_a_latent_in_a_link_comes_back(page):
    """A link's z comes back character for character; z of another length gets a sentence, and a face without it."""
    text = encode_z(page.services.renderer.latent("first", Face(seed=7)))
    answer = ask_json(page, f"open?model=first&z={text}&psi=0.8")
    assert answer["face"]["z"] == text and answer["face"]["psi"] == 0.8 and answer["problems"] == []
    answer = ask_json(page, f"open?model=first&z={encode_z([0.5] * 7)}")
    assert "z" not in answer["face"] and "another model" in answer["problems"][0]
