"""Single pictures over a WebSocket, asked for as a browser or another program would."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import urllib.request
from contextlib import ExitStack

import numpy as np
import pytest
from live_page import live_page
from PIL import Image
from run_async import run_async
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from dcgan.images import to_hwc
from dcgan.schema import Face
from dcgan.web.pictures.socket import serve_frames

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
        before = socket.recv()
        socket.send(message)
        refusal = json.loads(socket.recv())
        send(socket, {"seed": 2})
        after = socket.recv()
    assert words in refusal["error"]
    assert np.array_equal(picture(before), own(page, 1))
    assert np.array_equal(picture(after), own(page, 2))


def test_visitors_do_not_mix(page):
    """Three visitors who ask at once each get their own pictures, in the order of their messages."""
    with ExitStack() as until_the_end:
        sockets = [until_the_end.enter_context(visitor(page)) for _ in range(3)]
        for turn in range(8):
            for number, socket in enumerate(sockets):
                send(socket, {"seed": 100 * number + turn})
            for number, socket in enumerate(sockets):
                assert np.array_equal(picture(socket.recv()), own(page, 100 * number + turn))


class Held:
    """A renderer's `latent` that waits at seed 0 until it is released, and notes the seeds it was given."""

    def __init__(self, latent):
        self.latent, self.seeds = latent, []
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self, model, face):
        self.seeds.append(face.seed)
        if face.seed == 0:
            self.begun.set()
            assert self.released.wait(60)
        return self.latent(model, face)


@pytest.fixture
def held(page, monkeypatch):
    held = Held(page.services.renderer.latent)
    monkeypatch.setattr(page.services.renderer, "latent", held)
    yield held
    held.released.set()


class Messages:
    """A socket's messages as the server receives them: all of a burst, then `closed` after `end` is set."""

    def __init__(self, held, seeds):
        self.read, self.closing = threading.Event(), asyncio.Event()
        self.answers = []
        self._held = held
        self._burst = iter([{"type": "websocket.connect"}, *(message(seed) for seed in seeds)])

    async def receive(self):
        for following in self._burst:
            if following.get("text") == message(1)["text"]:  # the first picture is in work by now
                await asyncio.to_thread(self._held.begun.wait, 60)
            return following
        self.read.set()
        await self.closing.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(self, answer):
        self.answers.append(answer.get("text") or answer.get("bytes"))


def message(seed):
    return {"type": "websocket.receive", "text": json.dumps({"seed": seed, "size": 64, "format": "png"})}


SCOPE = {"type": "websocket", "path": "/dcgan/frames", "headers": [], "scheme": "ws", "server": ("localhost", 80)}


def test_of_a_burst_only_the_first_and_the_newest_are_drawn(page, held):
    """While a picture is in work the newest message waits; those between are dropped unread, and answered as such."""

    async def burst():
        messages = Messages(held, range(100))
        serving = asyncio.create_task(serve_frames(page.services, WebSocket(SCOPE, messages.receive, messages.send)))
        await asyncio.to_thread(messages.read.wait, 60)
        held.released.set()
        while len(messages.answers) < 101:  # the handshake's, and one for each message
            await asyncio.sleep(0.01)
        messages.closing.set()
        await serving
        return messages.answers[1:]

    first, *between, newest = run_async(burst())
    assert held.seeds == [0, 99]
    assert between == [json.dumps({"superseded": True})] * 98
    assert np.array_equal(picture(first), own(page, 0)) and np.array_equal(picture(newest), own(page, 99))


def test_a_closed_socket_ends_its_pictures(page, held):
    """When a socket closes, the message that waits is never drawn."""

    async def burst():
        messages = Messages(held, range(100))
        messages.closing.set()
        serving = asyncio.create_task(serve_frames(page.services, WebSocket(SCOPE, messages.receive, messages.send)))
        await asyncio.to_thread(messages.read.wait, 60)
        held.released.set()
        await serving

    run_async(burst())
    assert held.seeds == [0]


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
