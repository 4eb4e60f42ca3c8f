"""Single pictures over a WebSocket, asked for as a browser or another program would."""

from __future__ import annotations

import io
import json
import threading
import urllib.request
from contextlib import ExitStack

import numpy as np
import pytest
from live_page import live_page
from PIL import Image
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dcgan.images import to_hwc
from dcgan.schema import Face

PATH = {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 2, "t": 0.3}
FIELD = {"corners": [{"seed": 1}, {"seed": 2}, {"seed": 3}], "x": 0.2, "y": 0.7}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


def visitor(page, **headers):
    return connect(page.url.replace("http", "ws") + "dcgan/frames", additional_headers=headers, proxy=None)


def send(socket, body):
    socket.send(json.dumps({"size": 64, "format": "png", **body}))


def picture(answer):
    """The pixels [H, W, 3] of an answer, which says how long it took."""
    assert isinstance(answer, bytes) and 0 < int.from_bytes(answer[:4], "little") < 60e6
    return np.asarray(Image.open(io.BytesIO(answer[4:])))


def own(page, seed):
    renderer = page.services.renderer
    return to_hwc(renderer.render("first", renderer.latent("first", Face(seed=seed))[None])[0])


@pytest.mark.parametrize("body", [{"seed": 7, "psi": 0.5, "edits": [{"dim": 3, "amount": 2}]}, PATH, FIELD])
@pytest.mark.parametrize("look", [{}, {"size": 64, "format": "png"}])
def test_a_socket_gives_what_a_request_gives(page, body, look):
    """The same JSON gives the same file, to the byte: faces, moments of a path and places in a field."""
    data = json.dumps({"model": "first", **body, **look}).encode()
    with urllib.request.urlopen(f"{page.url}dcgan/frame", data, timeout=60) as response, visitor(page) as socket:
        socket.send(data.decode())
        assert socket.recv()[4:] == response.read()


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        (b"\xff\x00", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "must be a JSON object"),
        ('{"seed": -1}', "seed"),
        ('{"seed": 1, "size": 5000}', "size"),
        ('{"faces": [{"seed": 1}]}', "faces must be"),
        ('{"model": "nobody"}', "There is no model 'nobody'"),
        (json.dumps({"pad": "x" * 300_000}), "256 KiB"),
    ],
)
def test_a_bad_message_gets_a_sentence_and_loses_nothing(page, message, words):
    """What cannot be drawn is answered in words in its turn; pictures asked for before and after it come as ever."""
    with visitor(page) as socket:
        send(socket, {"seed": 1})
        socket.send(message)
        send(socket, {"seed": 2})
        before, refusal, after = socket.recv(), json.loads(socket.recv()), socket.recv()
    assert words in refusal["error"]
    assert np.array_equal(picture(before), own(page, 1))
    assert np.array_equal(picture(after), own(page, 2))


def test_visitors_do_not_mix(page):
    """Three visitors who ask at once, many pictures ahead, each get their own, in the order of their questions."""
    with ExitStack() as until_the_end:
        sockets = [until_the_end.enter_context(visitor(page)) for _ in range(3)]
        for turn in range(8):
            for number, socket in enumerate(sockets):
                send(socket, {"seed": 100 * number + turn})
        for number, socket in enumerate(sockets):
            for turn in range(8):
                assert np.array_equal(picture(socket.recv()), own(page, 100 * number + turn))


def test_a_picture_is_drawn_while_the_one_before_it_still_is_and_waits_for_its_turn(page, monkeypatch):
    """A socket's second picture does not wait to be drawn for the first, but the first one's answer comes first."""
    latent, second_is_drawn = page.services.renderer.latent, threading.Event()

    def first_waits(model, face):
        assert face.seed == 2 or second_is_drawn.wait(60)
        z = latent(model, face)
        if face.seed == 2:
            second_is_drawn.set()
        return z

    monkeypatch.setattr(page.services.renderer, "latent", first_waits)
    with visitor(page) as socket:
        send(socket, {"seed": 1})
        send(socket, {"seed": 2})
        answers = [picture(socket.recv()), picture(socket.recv())]
    monkeypatch.undo()
    assert all(np.array_equal(answer, own(page, seed)) for answer, seed in zip(answers, (1, 2), strict=True))


def test_a_visitor_who_goes_leaves_the_others_alone(page, caplog):
    """A socket that is closed with questions unanswered is no fault that is logged, and others are served on."""
    with visitor(page) as stays:
        with visitor(page) as goes:
            for seed in range(8):
                send(goes, {"seed": seed})
        for seed in range(4):
            send(stays, {"seed": seed})
            assert np.array_equal(picture(stays.recv()), own(page, seed))
    assert not caplog.records


def test_our_own_fault_is_logged_and_not_shown(page, monkeypatch, caplog):
    """A bug of ours gives a sentence without its details, which the log has; the socket lives on."""
    with visitor(page) as socket:
        with monkeypatch.context() as broken:
            broken.setattr(page.services.renderer, "latent", lambda *arguments: 1 / 0)
            send(socket, {"seed": 1})
            answer = socket.recv()
        assert "its log says which" in json.loads(answer)["error"] and "division" not in answer
        assert "ZeroDivisionError" in caplog.text
        send(socket, {"seed": 1})
        assert np.array_equal(picture(socket.recv()), own(page, 1))


def test_another_sites_page_may_not_look(page):
    """A browser names the site that opens a socket: any but ours is refused, also where a proxy gave us its name."""
    host = page.url.split("/")[2]
    for headers in ({"Origin": f"http://{host}"}, {"Origin": "https://our.example", "X-Forwarded-Host": "our.example"}):
        with visitor(page, **headers) as socket:
            send(socket, {"seed": 1})
            picture(socket.recv())
    for origin in ("https://evil.example", "null", f"http://{host}.evil.example"):
        with pytest.raises(InvalidStatus, match="403"):
            visitor(page, Origin=origin)
