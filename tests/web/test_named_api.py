"""Named endpoints give what the page's routes give: everything the page does can be done by a program."""

from __future__ import annotations

import inspect

import gradio_client
import numpy as np
import pytest
from asking import ask_json, picture
from gradio_client.exceptions import AppError
from live_page import live_page
from PIL import Image

from dcgan import schema
from dcgan.schema import encode_z
from dcgan.web.build import build

FACE = {"model": "first", "seed": 7, "psi": 0.8, "edits": [{"dim": 3, "amount": 1.5}]}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture(scope="module")
def client(page):
    return gradio_client.Client(page.url, verbose=False)


def test_a_link_opens(page, client):
    """/open_link reads an address of the page, or its query alone, and names what it could not use."""
    for link in ("model=second&seed=9&psi=0.5&edits=d3:1.5", f"{page.url}?model=second&seed=9&psi=0.5&edits=d3:1.5"):
        opened = client.predict(link, api_name="/open_link")
        assert opened["model"]["name"] == "second" and opened["models"] == ["first", "second"]
        assert opened["face"] == {"seed": "9", "psi": 0.5, "edits": [{"amount": 1.5, "dim": 3}]}
        assert opened["problems"] == []
    assert len(client.predict("seed=potato", api_name="/open_link")["problems"]) == 1
    assert client.predict(api_name="/open_link")["face"] == ask_json(page, "open")["face"]
    with pytest.raises(AppError, match="at most"):
        client.predict("x" * 100_000, api_name="/open_link")


def test_a_score_is_the_pages(page, client):
    """/score gives D's score; {} where the model has no discriminator."""
    score = client.predict(7, 0.8, FACE["edits"], "first", api_name="/score")
    assert score == ask_json(page, "score", FACE) and 0 <= score["probability"] <= 1
    assert client.predict(model="second", api_name="/score") == {}


def test_a_sheet_shows_faces_or_moments(page, client):
    """/sheet lays faces side by side, or pictures at equal times on the way through them."""
    path = client.predict([1, {"seed": 7, "psi": 0.8}, 3], cell=64, columns=2, model="first", api_name="/sheet")
    sheet = np.asarray(Image.open(path).convert("RGB")).astype(int)
    assert sheet.shape == (128, 128, 3)
    for cell, seed in ((sheet[:64, :64], 1), (sheet[64:, :64], 3)):
        own, other = (picture(page, {"model": "first", "seed": s}).astype(int) for s in (seed, 4 - seed))
        assert np.abs(cell - own).mean() < np.abs(cell - other).mean() / 2
    path = client.predict([1, 3], moments=5, cell=32, api_name="/sheet")
    assert Image.open(path).size == (160, 32)
    with pytest.raises(AppError, match="faces must be"):
        client.predict([], api_name="/sheet")


def test_a_latent_is_the_one_that_is_drawn(page, client):
    """/latent gives the numbers behind a picture; as text they draw the same face."""
    latent = client.predict(7, 0.8, FACE["edits"], "first", api_name="/latent")
    z = page.services.renderer.latent("first", schema.parse_face({"seed": 7, "psi": 0.8}))
    z[3] += 1.5
    assert latent["numbers"] == pytest.approx(z.tolist(), abs=1e-5)
    assert latent["z"] == encode_z(z) and latent["length"] == pytest.approx(float(z.norm()), abs=1e-3)
    low, high = latent["usual"]
    assert low < high and 0 <= latent["shorter"] <= 1


def test_directions_are_listed_and_named(page, client):
    """/name_directions keeps names, which /directions and the page then show."""
    found = client.predict("first", "sefa", api_name="/directions")
    assert found["shares"] == ask_json(page, "directions?model=first&method=sefa")["shares"]
    named = client.predict({"names": {"0": "smile"}}, "first", "sefa", api_name="/name_directions")
    assert named["labels"]["names"] == {"0": "smile"}
    saved = ask_json(page, "directions?model=first&method=sefa")["saved"]
    assert saved["labels"]["sefa"]["names"] == {"0": "smile"}
    with pytest.raises(AppError, match="method"):
        client.predict("first", "magic", api_name="/directions")


def test_faces_are_bred(page, client):
    """/breed gives the page's nine children of two faces."""
    children = client.predict([1, 2], 0.3, 5, "first", api_name="/breed")
    body = {"model": "first", "parents": [{"seed": 1}, {"seed": 2}], "wildness": 0.3, "seed": 5}
    assert children == ask_json(page, "breed", body)["children"] and len(set(children)) == 9
    with pytest.raises(AppError, match="faces"):
        client.predict([1], api_name="/breed")


def test_a_film_is_estimated(client):
    """/film_estimate counts a film's frames and says what it would take."""
    guess = client.predict([1, 2, 3], 2, 10, 64, "zip", api_name="/film_estimate")
    assert guess["frames"] == 20 and guess["bytes"] > 0 and guess["seconds"] >= 0


def test_an_index_of_unknown_pictures_is_refused(client):
    """/nearest_index says that a model's training pictures are not on this machine."""
    with pytest.raises(AppError, match="not available"):
        client.predict("first", api_name="/nearest_index")


def test_every_endpoint_and_its_arguments_are_described(page):
    """Each endpoint's docstring names every argument, and Gradio adds no limit of its own to ours."""
    endpoints = [block for block in build(page.services).fns.values() if block.api_name]
    assert len(endpoints) >= 20
    for endpoint in endpoints:
        assert endpoint.concurrency_limit is None, endpoint.api_name
        for name in inspect.signature(endpoint.fn).parameters:
            assert f" {name}: " in endpoint.fn.__doc__, (endpoint.api_name, name)
