"""Labels of directions over HTTP: saved with the model on one's own machine, and nowhere on a shared server."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import gradio_client
import numpy as np
import pytest
import torch
from gradio_client.exceptions import AppError
from live_page import live_page
from PIL import Image

from dcgan.engine.directions_file import load_directions
from dcgan.images import to_hwc
from dcgan.schema import Face, VectorEdit, encode_z, parse_z


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture(scope="module")
def public_page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("public"), public=True) as live:
        yield live


def ask(page, path, body=None, **headers):
    """(status, answer) of a route."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{page.url}dcgan/{path}", data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def saved(page, model="first", method="jacobian"):
    return ask(page, f"directions?model={model}&method={method}")[1]["saved"]


def taught(page, name="hat", method="sefa", index=0, **more):
    vector = encode_z(page.services.renderer.directions("first", method).axes[index].tolist())
    return {"vector": vector, "name": name, "accuracy": 0.9, "has": 5, "has_not": 6, **more}


def test_names_locks_and_order_are_saved_with_the_model(page):
    """Labels sent for a method are saved in the model's file, replace its old ones, and are returned for it alone."""
    labels = {"names": {"0": "smile", "3": "Licht <i>"}, "locked": [3], "order": [3, 0]}
    assert ask(page, "directions/save", {"model": "first", "method": "pca", "labels": labels}) == (200, {})
    assert saved(page, method="pca")["labels"]["pca"] == labels
    assert saved(page)["labels"].get("jacobian", {"names": {}})["names"] == {} and saved(page, "second")["taught"] == []
    kept = load_directions(page.services.store.directions_path("first"))
    assert kept.found["pca"].labels.names == {0: "smile", 3: "Licht <i>"}
    emptied = {"names": {}, "locked": [], "order": []}
    ask(page, "directions/save", {"model": "first", "method": "pca", "labels": emptied})
    assert saved(page, method="pca")["labels"]["pca"] == emptied


def test_taught_directions_are_added_changed_sorted_and_removed(page):
    """A taught direction with a known vector replaces the old one; one with a new vector is added at the end."""
    for number, name in enumerate(("hat", "beard", "glasses")):
        assert ask(page, "directions/save", {"model": "first", "taught": taught(page, name, index=number)})[0] == 200
    ask(page, "directions/save", {"model": "first", "taught": taught(page, "big hat", locked=True)})
    assert [one["name"] for one in saved(page)["taught"]] == ["big hat", "beard", "glasses"]
    keys = [one["vector"] for one in saved(page)["taught"]]
    ask(page, "directions/save", {"model": "first", "sort": [keys[2], keys[0]]})
    assert [one["name"] for one in saved(page)["taught"]] == ["glasses", "big hat", "beard"]
    ask(page, "directions/save", {"model": "first", "remove": keys[0]})
    assert [one["name"] for one in saved(page)["taught"]] == ["glasses", "beard"]


def test_a_shared_server_saves_no_labels(public_page):
    """On a shared server "saved" is null, a change is refused with a sentence, and no file of the model is written."""
    answer = ask(public_page, "directions?model=first")[1]
    assert answer["saved"] is None and len(answer["weights"]) == 16
    status, answer = ask(
        public_page, "directions/save", {"model": "first", "method": "pca", "labels": {"names": {"0": "x"}}}
    )
    assert status == 422 and "browser" in answer["error"]
    assert not public_page.services.store.directions_path("first").exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"labels": {"names": {"8": "x"}}},
        {"labels": {"names": {"0": "x" * 41}}},
        {"labels": {"order": [9]}},
        {"labels": 5, "method": "pca"},
        {"labels": {}, "method": "magic"},
        {"labels": {}, "model": "nobody"},
        {"taught": {"vector": [0.6, 0.8], "name": "x", "accuracy": 1, "has": 1, "has_not": 1}},
        {"taught": {}},
        {"remove": 5},
        {"sort": [5]},
        {"sort": ["x"] * 65},
    ],
)
def test_a_bad_change_of_labels_is_refused(page, body):
    """A change that cannot be saved gets status 422 and one sentence, and changes nothing."""
    before = saved(page)
    status, answer = ask(page, "directions/save", {"model": "first", **body})
    assert status == 422 and 10 < len(answer["error"]) < 300
    assert saved(page) == before


def test_another_sites_page_cannot_rename(page):
    """A request from another site's page to change labels is refused."""
    body = {"model": "first", "labels": {"names": {"0": "theirs"}}}
    assert ask(page, "directions/save", body, **{"Sec-Fetch-Site": "cross-site"})[0] == 403


def test_labels_that_cannot_be_written_are_reported(page):
    """If the model's file cannot be replaced, the answer says so."""
    path = page.services.store.directions_path("second")
    assert saved(page, "second") is not None
    path.unlink()
    path.mkdir()  # a file cannot replace a folder
    try:
        status, answer = ask(page, "directions/save", {"model": "second", "labels": {"names": {"0": "x"}}})
        assert status == 422 and "cannot be written" in answer["error"]
    finally:
        path.rmdir()


# ---- teaching


def brightness(page, seeds, *edits):
    """Of each seed's picture, on average."""
    renderer = page.services.renderer
    z = torch.stack([renderer.latent("first", Face(seed=seed, edits=edits)) for seed in seeds])
    return renderer.render("first", z).float().mean((1, 2, 3))


def lists(page, count=80):
    """Seeds of bright pictures, and of dark ones."""
    ranked = brightness(page, range(count)).argsort(descending=True).tolist()
    return sorted(ranked[: count // 2]), sorted(ranked[count // 2 :])


def test_a_direction_is_fitted_to_seeds(page):
    """The page's route fits a direction to two lists of seeds, without locked directions, and returns the accuracy."""
    has, has_not = lists(page)
    axes = page.services.renderer.directions("first").axes
    status, answer = ask(page, "teach", {"model": "first", "has": [str(s) for s in has], "has_not": has_not})
    vector = torch.tensor(parse_z(answer["vector"]))
    less, more = (
        brightness(page, range(500, 600), VectorEdit(amount=amount, vector=tuple(vector.tolist())))
        for amount in (-2, 2)
    )
    assert status == 200 and float((more > less).float().mean()) > 0.9
    assert answer["accuracy"] > 0.6 and answer["sure"] and "held-out" in answer["words"]
    assert (answer["has"], answer["has_not"]) == (len(has), len(has_not))
    locked = [{"direction": 0}, {"direction": 1, "method": "sefa"}, {"vector": answer["vector"]}]
    status, other = ask(page, "teach", {"model": "first", "has": has, "has_not": has_not, "locked": locked})
    left = torch.tensor(parse_z(other["vector"]))
    sefa = page.services.renderer.directions("first", "sefa").axes[1]
    for out in (axes[0], sefa, vector):
        assert abs(float(left @ out)) < 5e-3


def test_the_api_fits_the_same_direction(page):
    """/teach returns what the page's route returns and is documented; its vector is an edit for /generate."""
    has, has_not = lists(page, count=30)
    client = gradio_client.Client(page.url, verbose=False)
    answer = client.predict(has, has_not, "first", [{"direction": 2}], api_name="/teach")
    body = {"model": "first", "has": has, "has_not": has_not, "locked": [{"direction": 2}]}
    assert answer == ask(page, "teach", body)[1]
    described = client.view_api(return_format="dict", print_info=False)["named_endpoints"]["/teach"]
    assert [p["parameter_name"] for p in described["parameters"]] == ["has", "has_not", "model", "locked"]
    edits = [{"vector": answer["vector"], "amount": 2}]
    path = client.predict(seed=7, edits=edits, model="first", size=64, api_name="/generate")
    z = page.services.renderer.latent("first", Face(seed=7)) + 2 * torch.tensor(parse_z(answer["vector"]))
    assert np.array_equal(np.asarray(Image.open(path)), to_hwc(page.services.renderer.render("first", z[None])[0]))
    with pytest.raises(AppError, match="Mark 3 to 200"):
        client.predict([1, 2], [3, 4, 5], api_name="/teach")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"has": [1, 2], "has_not": [3, 4, 5]}, "2 and 3"),
        ({}, "0 and 0"),
        ({"has": [1, 2, 3], "has_not": [3, 4, 5]}, "Seed 3"),
        ({"has": [1, 1, 2], "has_not": [3, 4, 5]}, "twice"),
        ({"has": [1, 2, -3], "has_not": [4, 5, 6]}, "seed"),
        ({"has": "all", "has_not": [4, 5, 6]}, "list"),
        ({"has": list(range(1000)), "has_not": [4, 5, 6]}, "at most 200"),
        ({"has": [1, 2, 3], "has_not": [4, 5, 6], "locked": [5]}, "locked"),
        ({"has": [1, 2, 3], "has_not": [4, 5, 6], "locked": [{"direction": 99}]}, "no direction 99"),
        ({"has": [1, 2, 3], "has_not": [4, 5, 6], "model": "nobody"}, "no model"),
    ],
)
def test_bad_examples_are_refused_with_a_sentence(page, body, words):
    """Examples that cannot be used get status 422 and a sentence that says why."""
    status, answer = ask(page, "teach", {"model": "first", **body})
    assert status == 422 and words in answer["error"]
