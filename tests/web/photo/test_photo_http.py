"""My photo over HTTP: the page's route and the named API."""

from __future__ import annotations

import base64
import io
import json
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

import gradio_client
import numpy as np
import pytest
from gradio_client.exceptions import AppError
from live_page import live_page
from PIL import Image
from waiting import wait_until

from dcgan.images import encode, to_float, to_pil
from dcgan.schema import Face, parse_z


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture(scope="module")
def face(page):
    """A picture of the model itself, as a PNG file's bytes, and its pixels."""
    renderer = page.services.renderer
    picture = renderer.render("first", renderer.latent("first", Face(seed=77777))[None])[0]
    return encode(to_pil(picture), "png"), picture


def post(page, content, query="model=first", **headers):
    """(status, lines) of the photo route."""
    request = urllib.request.Request(f"{page.url}dcgan/photo?{query}", content, headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, [json.loads(line) for line in response.read().splitlines()]
    except urllib.error.HTTPError as error:
        return error.code, [json.loads(error.read())]


def distance(page, z, picture):
    drawn = page.services.renderer.render("first", page.services.renderer.latent("first", Face(z=parse_z(z)))[None])[0]
    return float((to_float(drawn[None]) - to_float(picture[None])).square().mean().sqrt())


def test_a_face_is_found_with_progress(page, face):
    """Lines tell how far it is and what is reached; the last one's latent draws the picture as near as it says."""
    status, lines = post(page, face[0])
    *progress, last = lines
    assert status == 200
    shares = [line["progress"] for line in progress]
    assert shares == sorted(shares)
    assert last["rmse"] < 0.05 < last["start_rmse"] and last["words"]
    assert distance(page, last["z"], face[1]) == pytest.approx(last["rmse"], abs=0.005)


def test_the_api_finds_the_same_face(page, face):
    """/invert gives what the page's route gives, typed and documented, for the same picture and seed."""
    client = gradio_client.Client(page.url, verbose=False)
    found = client.predict(base64.b64encode(face[0]).decode(), "first", api_name="/invert")
    assert found == post(page, face[0])[1][-1]
    (described,) = (client.view_api(return_format="dict", print_info=False)["named_endpoints"][n] for n in ("/invert",))
    assert [p["parameter_name"] for p in described["parameters"]] == ["picture", "model", "seed"]
    for picture in ("", "%%", base64.b64encode(b"no picture").decode()):
        with pytest.raises(AppError, match="picture"):
            client.predict(picture, "first", api_name="/invert")


def test_a_picture_is_not_kept(page, face, tmp_path, monkeypatch):
    """Neither the temporary folder nor the runs' has more files after a search than before."""

    def files():
        places = (Path(tempfile.gettempdir()) / "gradio", page.services.settings.runs)
        return sorted(str(path) for place in places for path in place.rglob("*"))

    before = files()
    assert post(page, face[0])[0] == 200
    assert files() == before


@pytest.mark.parametrize(
    ("content", "query", "words"),
    [
        (b"", "model=first", "empty"),
        (b"GIF89a nonsense", "model=first", "not a JPEG"),
        (b"\0" * (17 << 20), "model=first", "16 MiB"),
        (b"x", "model=nobody", "no model"),
    ],
)
def test_bad_pictures_are_answered_with_a_sentence(page, content, query, words):
    """What cannot be used gets 422 and one sentence before any search begins."""
    status, (answer,) = post(page, content, query)
    assert status == 422 and words in answer["error"] and "Traceback" not in answer["error"]


def test_a_huge_picture_is_refused_before_it_is_decoded(page):
    """A small file of a hundred million pixels is refused by its header."""
    buffer = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(buffer, "PNG")
    status, (answer,) = post(page, buffer.getvalue())
    assert status == 422 and "megapixels" in answer["error"]


def test_another_sites_page_cannot_use_it(page, face):
    """A search that another site's page asks for is refused."""
    assert post(page, face[0], **{"Sec-Fetch-Site": "cross-site"})[0] == 403


def test_disconnecting_ends_the_search(page):
    """When nobody reads the progress any more, the search's thread ends."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    content = encode(Image.fromarray(noise), "png")
    request = urllib.request.Request(f"{page.url}dcgan/photo?model=first", content)
    with urllib.request.urlopen(request) as response:
        assert json.loads(response.readline())["progress"] < 1
        assert any(thread.name == "photo" for thread in threading.enumerate())
    wait_until(lambda: all(thread.name != "photo" for thread in threading.enumerate()), 30)
