"""Films over HTTP: made, handed out, cancelled, refused."""

from __future__ import annotations

import io
import json
import threading
import urllib.request
import zipfile

import av
import numpy as np
import pytest
from asking import ask, make_film, picture, refusal
from PIL import Image
from waiting import wait_until

from dcgan.web.temporary_files import TemporaryFiles


@pytest.mark.parametrize("fmt", ["mp4", "webm", "gif", "webp", "zip"])
def test_a_film_is_made_and_handed_out(page, fmt):
    """The film has the given frames and size; its route serves all of it, and a range of it as a download."""
    *_, last = make_film(page, {"seconds": 1, "fps": 20, "size": 96, "format": fmt, "loop": True})
    status, content = ask(page, last["film"].removeprefix("dcgan/"))
    assert status == 200 and len(content) == last["bytes"] and last["frames"] == 20
    if fmt == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {Image.open(archive.open(name)).size for name in archive.namelist()}
        assert len(archive.namelist()) == 20 and sizes == {(96, 96)}
    elif fmt == "webp":
        assert (Image.open(io.BytesIO(content)).n_frames, Image.open(io.BytesIO(content)).size) == (20, (96, 96))
    else:
        with av.open(io.BytesIO(content)) as film:
            frames = list(film.decode(video=0))
        assert (len(frames), frames[0].width, frames[0].height) == (20, 96, 96)
    request = urllib.request.Request(page.url + last["film"] + "?download=1", headers={"Range": "bytes=0-99"})
    with urllib.request.urlopen(request) as response:
        assert response.status == 206 and len(response.read()) == 100
        assert "attachment" in response.headers["Content-Disposition"]


def test_a_grid_of_faces_keeps_their_edits(page):
    """Each cell of a grid begins with the same psi and edits on a seed of its own, 1000 apart."""
    face = {"seed": 5, "psi": 0.8, "edits": [{"dim": 3, "amount": 2}]}
    *_, last = make_film(
        page, {"faces": [face, {"seed": 6}], "seconds": 1, "fps": 4, "grid": 2, "size": 128, "format": "zip"}
    )
    _, content = ask(page, last["film"].removeprefix("dcgan/"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        frame = np.asarray(Image.open(archive.open("frame-00001.png")))
    for i, (top, left) in enumerate([(0, 0), (0, 64), (64, 0), (64, 64)]):
        assert np.array_equal(frame[top : top + 64, left : left + 64], picture(page, {**face, "seed": 5 + 1000 * i}))


def test_hanging_up_cancels_a_film(page, monkeypatch):
    """When the connection closes, the film's thread ends and leaves no file."""

    new, paths = TemporaryFiles.new, []

    def recorded(files, suffix):
        paths.append(new(files, suffix))
        return paths[-1]

    monkeypatch.setattr(TemporaryFiles, "new", recorded)
    body = {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 60, "fps": 30, "size": 1024}
    request = urllib.request.Request(f"{page.url}dcgan/film", json.dumps(body).encode())
    with urllib.request.urlopen(request) as response:
        first = json.loads(response.readline())
        assert first["total"] == 1800
        assert any(thread.name == "film" for thread in threading.enumerate())
    wait_until(lambda: not any(thread.name == "film" for thread in threading.enumerate()), 30)
    (path,) = paths
    assert not [left for left in path.parent.iterdir() if path.stem in left.name]


def test_a_films_name_leads_nowhere_else(page):
    """A name with a folder in it finds no file."""
    assert ask(page, "film/%2e%2e%2fsecret.mp4")[0] == 404


def test_a_public_page_makes_shorter_films(public_page):
    """On a public page a film of 900 frames is refused with a sentence: the limit of 600 frames, in seconds."""
    body = {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 30, "fps": 30}
    status, content = ask(public_page, "film", body)
    assert status == 422 and "can last 20 s here, not 30 s" in json.loads(content)["error"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("film", {"faces": [{"seed": 1}]}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [600]}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [float("nan")]}),
        ("film", {"faces": [{"seed": 1}] * 200}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "grid": 5}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "resample": "best"}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 3600}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 60, "fps": 60}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "format": "exe"}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "size": 4096}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "model": "nobody"}),
        ("film/estimate", {"faces": [{"seed": 1}]}),
        ("film/estimate", {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 600}),
    ],
)
def test_a_bad_film_is_refused_with_a_sentence(page, path, body):
    """A film that cannot be made or estimated is refused with one readable sentence."""
    refusal(page, path, body)
