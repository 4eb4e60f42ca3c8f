"""The generator's layers over HTTP: the page's route and the named API."""

from __future__ import annotations

import io

import numpy as np
import pytest
from asking import ask, ask_json, data_url_pixels, picture
from gradio_client.exceptions import AppError
from PIL import Image

FACE = {"model": "first", "seed": 7, "psi": 0.8, "edits": [{"dim": 3, "amount": 1.5}]}


def test_layers_have_sheets_of_their_own_size(page):
    """Each layer comes with its strongest units and a sheet of their maps; with all on, nothing is changed."""
    answer = ask_json(page, "layers", FACE)
    assert [(layer["side"], layer["channels"], len(layer["units"])) for layer in answer["layers"]] == [
        (4, 64, 16),
        (8, 32, 16),
        (16, 16, 16),
        (32, 8, 8),
    ]
    for layer in answer["layers"]:
        sheet = data_url_pixels(layer["sheet"])
        assert sheet.shape == (layer["side"], layer["side"] * len(layer["units"]), 3)
        assert sheet.max() - sheet.min() > 100
    output = data_url_pixels(answer["output"])
    assert np.array_equal(output[:, :64], picture(page, FACE)) and output[:, 128:].max() == 0
    assert (answer["change"], answer["share"]) == (0, 0)


def test_units_that_are_off_change_picture_score_and_sheet(page):
    """A frame without units is the layers' output, differs by what is said, and is what critic and strips see."""
    whole, strongest = picture(page, FACE), ask_json(page, "layers", FACE)["layers"][1]["units"][:3]
    face = {**FACE, "off": [[1, unit] for unit in strongest]}
    shown, answer = picture(page, face), ask_json(page, "layers", face)
    output = data_url_pixels(answer["output"])
    assert np.array_equal(output[:, :64], shown) and np.array_equal(output[:, 64:128], whole)
    assert not np.array_equal(shown, whole)
    change = np.sqrt((((shown - whole.astype(float)) / 127.5) ** 2).mean())
    assert answer["change"] == pytest.approx(change, abs=0.005)
    assert ask_json(page, "score", face)["probability"] != ask_json(page, "score", FACE)["probability"]
    sheets = [ask(page, "sheet", {**body, "variants": [[]], "cell": 64})[1] for body in (face, FACE)]
    cell, plain = (np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB")).astype(int) for sheet in sheets)
    assert np.abs(cell - shown).mean() < np.abs(plain - shown).mean() / 2
    assert np.array_equal(picture(page, FACE), whole)


def test_units_that_are_off_travel_in_a_link(page):
    """A link's `off` comes back as it was; one that cannot be used is explained and left out."""
    assert ask_json(page, "open?model=first&seed=7&off=1.20,0.3")["face"]["off"] == [[0, 3], [1, 20]]
    for text in ("all", "1", "1.2,", "9.1", "0.64", "0.1," * 5000):
        answer = ask_json(page, f"open?model=first&seed=7&off={text}")
        assert len(answer["problems"]) == 1 and "all units on" in answer["problems"][0]
        assert "off" not in answer["face"] and answer["face"]["seed"] == "7"


@pytest.mark.parametrize(
    "off", ["all", 5, [5], [[0]], [[0, 1, 2]], [[0, -1]], [[0, 64]], [[4, 0]], [[0, 0.5]], [["0", 1]], [[0, 1]] * 513]
)
@pytest.mark.parametrize("path", ["frame", "layers"])
def test_bad_units_are_answered_with_a_sentence(page, path, off):
    """Units that are none, or are not the model's, get 422 and one sentence."""
    status, content = ask(page, path, {"model": "first", "off": off})
    assert status == 422 and b"error" in content and b"Traceback" not in content and len(content) < 300


def test_the_api_gives_activations(page, client):
    """/layers gives the page's units with their maps as numbers; /generate draws without the units it is told."""
    shown = ask_json(page, "layers", FACE)["layers"]
    layers = client.predict(7, 0.8, FACE["edits"], "first", count=4, api_name="/layers")
    assert [layer["units"] for layer in layers] == [layer["units"][:4] for layer in shown]
    for layer in layers:
        maps = np.array(layer["maps"])
        assert maps.shape == (4, layer["side"], layer["side"]) and maps.min() >= 0
        assert maps.mean(axis=(1, 2)) == pytest.approx(layer["means"], abs=1e-3)
    off = [[layer["layer"], layer["units"][0]] for layer in layers]
    path = client.predict(7, 0.8, FACE["edits"], "first", 64, off=off, api_name="/generate")
    assert np.array_equal(np.asarray(Image.open(path)), picture(page, {**FACE, "off": off}))
    with pytest.raises(AppError, match="count must be"):
        client.predict(7, count=1000, api_name="/layers")
