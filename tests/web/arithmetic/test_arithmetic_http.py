"""Routes and the named endpoint that answer with latents, asked over HTTP."""

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

from dcgan.images import to_hwc
from dcgan.latent import z_from_seeds
from dcgan.latent.prior import norm_range
from dcgan.schema import encode_z, parse_z


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture(scope="module")
def client(page):
    return gradio_client.Client(page.url, verbose=False)


def ask(page, path, body):
    """(status, answer) of a route."""
    request = urllib.request.Request(f"{page.url}dcgan/{path}", json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def numbers(text):
    return torch.tensor(parse_z(text))


def test_a_faces_numbers_are_its_whole_latent(page):
    """Truncation, dimensions and directions are all in them; their text stands for the same face."""
    face = {"seed": 5, "psi": 0.9, "edits": [{"dim": 3, "amount": 2}, {"direction": 0, "amount": -1}]}
    status, answer = ask(page, "numbers", {"model": "first", **face})
    axis = page.services.renderer.directions("first").axes[0]
    z = 0.9 * z_from_seeds([5], 100)[0] - axis
    z[3] += 2
    assert status == 200
    assert answer["z"] == pytest.approx(z.tolist(), abs=1e-4)
    assert answer["packed"] == encode_z(z.tolist())
    assert answer["length"] == pytest.approx(float(z.norm()), abs=1e-3)
    assert answer["usual"] == pytest.approx(norm_range(100), abs=1e-3)
    assert 0 <= answer["shorter"] <= 1
    assert ask(page, "numbers", {"model": "first", "z": [0.0] * 100})[1]["shorter"] == 0


def test_the_sum_is_of_means_and_steps_lead_to_it(page):
    """A − B + C of the page is the sum of the terms' means, scaled into the usual range of norms and not turned."""
    a, b, c = [1, 2, 3], [{"seed": 4}, {"z": encode_z(z_from_seeds([5], 100)[0])}], [6]
    terms = [{"sign": 1, "faces": a}, {"sign": -1, "faces": b}, {"faces": c}]
    status, answer = ask(page, "arithmetic", {"model": "first", "terms": terms})
    means = [z_from_seeds(seeds, 100).mean(0) for seeds in ([1, 2, 3], [4, 5], [6])]
    raw = means[0] - means[1] + means[2]
    assert status == 200 and answer["z"] == answer["steps"][2]
    assert answer["length"] == pytest.approx(float(raw.norm()), abs=0.01)
    assert torch.cosine_similarity(numbers(answer["z"]), raw, dim=0) > 0.9999
    assert torch.cosine_similarity(numbers(answer["steps"][1]), means[0] - means[1], dim=0) > 0.9999
    assert torch.cosine_similarity(numbers(answer["means"][1]), means[1], dim=0) > 0.9999
    low, high = norm_range(100)
    for text in [answer["z"], *answer["means"], *answer["steps"], *answer["around"]]:
        assert low - 0.01 < float(numbers(text).norm()) < high + 0.01
    assert len(set(answer["around"])) == 8


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("numbers", {"seed": -1}, "seed"),
        ("numbers", {"z": "AAAA"}, "damaged"),
        ("numbers", {"edits": [{"dim": 100, "amount": 1}]}, "no dimension 100"),
        ("arithmetic", {}, "terms"),
        ("arithmetic", {"terms": []}, "terms"),
        ("arithmetic", {"terms": [{"faces": [1]}] * 7}, "1 to 6"),
        ("arithmetic", {"terms": [3]}, "JSON object"),
        ("arithmetic", {"terms": [{"faces": []}]}, "1 to 16 faces"),
        ("arithmetic", {"terms": [{"faces": [1] * 17}]}, "1 to 16 faces"),
        ("arithmetic", {"terms": [{"sign": 2, "faces": [1]}]}, "sign"),
        ("arithmetic", {"terms": [{"sign": True, "faces": [1]}]}, "sign"),
        ("arithmetic", {"terms": [{"faces": ["x"]}]}, "seed"),
        ("arithmetic", {"terms": [{"faces": [{"z": [1.0] * 64}]}]}, "another model"),
        ("arithmetic", {"model": "nobody", "terms": [{"faces": [1]}]}, "no model"),
    ],
)
def test_bad_requests_get_a_sentence(page, path, body, words):
    """What cannot be used is answered with 422 and one sentence."""
    status, answer = ask(page, path, body)
    assert status == 422 and words in answer["error"]


def test_the_api_adds_up_and_generate_draws_it(page, client):
    """/arithmetic gives the page's sum by named lists or by terms, and /generate draws its z."""
    given = client.predict([1, 2, 3], [{"seed": 4}], [6], "first", api_name="/arithmetic")
    terms = [{"sign": 1, "faces": [1, 2, 3]}, {"sign": -1, "faces": [4]}, {"sign": 1, "faces": [6]}]
    assert given == ask(page, "arithmetic", {"model": "first", "terms": terms})[1]
    assert given == client.predict(terms=terms, model="first", api_name="/arithmetic")
    path = client.predict(z=given["z"], model="first", size=64, api_name="/generate")
    (picture,) = page.services.renderer.render("first", numbers(given["z"])[None])
    assert np.array_equal(np.asarray(Image.open(path)), to_hwc(picture))


def test_the_api_describes_itself_and_its_errors(client):
    """Arguments have names and meanings; what cannot be added up gets the page's sentence."""
    described = client.view_api(return_format="dict", print_info=False)["named_endpoints"]["/arithmetic"]
    assert [p["parameter_name"] for p in described["parameters"]] == ["plus", "minus", "plus2", "model", "terms"]
    for arguments, words in (({}, "nothing to add"), ({"plus": []}, "1 to 16"), ({"plus": 5}, "1 to 16")):
        with pytest.raises(AppError, match=words):
            client.predict(**arguments, api_name="/arithmetic")
