"""The Learn tab's routes and its endpoint: layers of the loaded model, what D computes, and the experiments."""

from __future__ import annotations

import pytest
from asking import ask_json, data_url_pixels, refusal

from dcgan.config import ModelConfig
from dcgan.models import make_networks

FACE = {"model": "first", "seed": 7, "psi": 0.8}


def test_the_layers_are_the_models_own(page, client):
    """/networks and the route have the layers of both networks and their number of parameters."""
    answer = ask_json(page, "learn/networks?model=first")
    for name, network in zip("GD", make_networks(ModelConfig(ngf=8, ndf=8), 0), strict=True):
        assert answer[name]["parameters"] == sum(p.numel() for p in network.parameters())
        assert sum(layer["parameters"] for layer in answer[name]["layers"]) == answer[name]["parameters"]
    assert answer["G"]["layers"][-1]["output"] == [3, 64, 64] and answer["has_discriminator"] is True
    assert client.predict("first", api_name="/networks") == answer


def test_a_model_without_d_says_so(page):
    """Its D is the one that its configuration describes, and there is nothing that it computes."""
    answer = ask_json(page, "learn/networks?model=second")
    assert answer["has_discriminator"] is False and answer["D"]["layers"][0]["name"] == "Conv2d"
    assert ask_json(page, "learn/discriminator", {**FACE, "model": "second"}) == {"layers": [], "probability": None}


def test_the_maps_of_d_follow_its_layers(page):
    """Each layer of D has a sheet of its own size, and D(x) is the one that the critic gives."""
    answer = ask_json(page, "learn/discriminator", FACE)
    assert [(layer["side"], layer["channels"], len(layer["units"])) for layer in answer["layers"]] == [
        (32, 8, 8),
        (16, 16, 8),
        (8, 32, 8),
        (4, 64, 8),
    ]
    for layer in answer["layers"]:
        sheet = data_url_pixels(layer["sheet"])
        assert sheet.shape == (layer["side"], 8 * layer["side"], 3)
        assert sheet.max() - sheet.min() > 100
    assert answer["probability"] == pytest.approx(ask_json(page, "score", FACE)["probability"], abs=2e-3)


def test_an_unknown_model_is_refused_with_a_sentence(page):
    """Both routes name the models there are."""
    assert "first" in refusal(page, "learn/networks?model=nobody")
    assert "first" in refusal(page, "learn/discriminator", {**FACE, "model": "nobody"})


def test_the_experiments_are_what_train_start_takes(page):
    """Each comes with a data set, a preset and settings, a sentence and a length."""
    experiments = ask_json(page, "learn/experiments")
    assert experiments[0]["name"] == "healthy" and experiments[0]["data"] == "doodles:2000"
    for one in experiments:
        assert set(one) == {"name", "about", "seconds", "data", "preset", "overrides", "button"}
