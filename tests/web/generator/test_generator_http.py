"""What a browser asks for to draw pictures itself, over HTTP: weights, their version, pictures to check, axes."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load, load_file

from dcgan.latent import z_from_seeds


def get(page, path, **query):
    """Status, headers and body of a GET of one of the program's routes."""
    try:
        with urllib.request.urlopen(f"{page.url}dcgan/{path}?{urllib.parse.urlencode(query)}") as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_weights_come_without_what_names_the_training_data(page):
    """Every tensor as it is stored, with the model's shape, and no trace of the data's path."""
    _, _, content = get(page, "weights", model="first")
    stored = load_file(page.services.store.generator_path("first"))
    sent = load(content)
    assert sent.keys() == stored.keys() and all(torch.equal(sent[name], stored[name]) for name in stored)
    assert b"/secret/place" in page.services.store.generator_path("first").read_bytes()
    assert b"secret" not in content and b'"info"' not in content[:20_000]


def test_weights_are_cached_by_their_version_alone(page):
    """With the right version for a year; with a wrong one or none not at all."""
    version = json.loads(get(page, "version", model="first")[2])["version"]
    assert version != json.loads(get(page, "version", model="second")[2])["version"]
    assert "immutable" in get(page, "weights", model="first", version=version)[1]["Cache-Control"]
    for query in ({}, {"version": "0" * 16}):
        assert get(page, "weights", model="first", **query)[1]["Cache-Control"] == "no-store"


def test_the_check_is_the_servers_own_pictures(page):
    """Sixteen seeds, and their pictures pixel for pixel."""
    check = json.loads(get(page, "check", model="first")[2])
    pictures = np.frombuffer(base64.b64decode(check["pictures"]), np.uint8).reshape(16, 64, 64, 3)
    z = z_from_seeds([int(seed) for seed in check["seeds"]], 100)
    expected = page.services.renderer.render("first", z).permute(0, 2, 3, 1).numpy()
    assert np.array_equal(pictures, expected)


@pytest.mark.parametrize("method", ["jacobian", "sefa", "pca"])
def test_axes_are_the_directions_of_a_method(page, method):
    """As many as the sliders, each of as many numbers as z has."""
    axes = torch.tensor(json.loads(get(page, "axes", model="first", method=method)[2])["axes"])
    assert torch.allclose(axes, page.services.renderer.directions("first", method).axes, atol=1e-6)


@pytest.mark.parametrize("path", ["weights", "version", "check", "axes", "take_home"])
def test_an_unknown_model_is_answered_with_a_sentence(page, path):
    """422, whatever is asked of it."""
    status, _, content = get(page, path, model="nobody", method="sefa")
    assert status == 422 and "nobody" in json.loads(content)["error"]


def test_a_model_is_taken_home_as_a_file(page):
    """A download under the model's name, which names no training data either."""
    status, headers, content = get(page, "take_home", model="first")
    assert status == 200 and headers["Content-Disposition"] == 'attachment; filename="first.html"'
    assert content.startswith(b"<!doctype html>") and b"secret" not in content and b"tiny-1" not in content


def test_the_api_hands_out_both_files(page, client):
    """/weights and /take_home give paths of the same files."""
    weights = Path(client.predict("first", api_name="/weights")).read_bytes()
    assert load(weights).keys() == load(get(page, "weights", model="first")[2]).keys()
    assert Path(client.predict("first", api_name="/take_home")).read_bytes() == get(page, "take_home", model="first")[2]
