"""Clients that disconnect: whichever way they asked, their work stops, and nobody behind them waits for it."""

from __future__ import annotations

import asyncio
import http.client
import json
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from live_page import live_page
from run_async import run_async
from waiting import wait_until

from dcgan.web import client
from dcgan.web.client import ClientMiddleware, EventStreams, stream_key
from dcgan.web.interpolate.film_request import Film

ARGUMENTS = ["slerp", 0.5, 8, 64, False, "zip", "", None, "linear", "bicubic", 1]
PATIENCE = 30


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page that makes one film at a time."""
    with live_page(tmp_path_factory.mktemp("page"), public=True) as live:
        yield live


class Films:
    """Which films have begun and which have ended, by their first seed."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ended: list[int] = []


@pytest.fixture
def endless(monkeypatch):
    """Films whose frames never end, so that only a client that disconnects ends them; `PATIENCE` seconds at most."""
    films, frames, failed = Films(), Film.frames, threading.Event()

    def repeated(film, *arguments):
        seed, end = film.spec.path.faces[0].seed, time.monotonic() + PATIENCE
        films.begun.append(seed)
        try:
            while time.monotonic() < end:
                yield from frames(film, *arguments)
            failed.set()
        finally:
            films.ended.append(seed)

    monkeypatch.setattr(Film, "frames", repeated)
    monkeypatch.setattr(client, "OPEN_WITHIN", 2.0)
    yield films
    assert not failed.is_set(), "a film went on although its client had disconnected"


@pytest.fixture
def unanswered(monkeypatch):
    """The paths of the requests that the server has not finished with."""
    paths, call = [], ClientMiddleware.__call__

    async def noted(middleware, scope, receive, send):
        paths.append(scope["path"])
        try:
            await call(middleware, scope, receive, send)
        finally:
            paths.remove(scope["path"])

    monkeypatch.setattr(ClientMiddleware, "__call__", noted)
    return paths


def temporary_films():
    return sorted(str(path) for path in Path(tempfile.gettempdir()).glob("dcgan-films-*/*"))


def post(page, path, body):
    """A connection on which a request was sent, and whose answer was not read."""
    connection = http.client.HTTPConnection(urlsplit(page.url).netloc, timeout=PATIENCE)
    connection.request("POST", f"/{path}", json.dumps(body), {"Content-Type": "application/json"})
    return connection


@contextmanager
def connected(page, path, body):
    """Ask by one request, whose connection closes at the end of the block."""
    connection = post(page, path, body)
    yield
    connection.close()


def by_route(page, seed):
    faces = [{"seed": seed}, {"seed": 2}]
    return connected(page, "dcgan/film", {"faces": faces, "seconds": 0.5, "fps": 8, "size": 64, "format": "zip"})


def by_run(page, seed):
    return connected(page, "gradio_api/run/interpolate", {"data": [[seed, 2], *ARGUMENTS]})


def by_api(page, seed):
    return connected(page, "gradio_api/api/interpolate", {"data": [[seed, 2], *ARGUMENTS]})


def call(page, seed):
    answer = post(page, "gradio_api/call/interpolate", {"data": [[seed, 2], *ARGUMENTS]}).getresponse()
    return json.loads(answer.read())["event_id"]


@contextmanager
def by_call(page, seed):
    """Put a request into Gradio's queue and read its stream until the end of the block."""
    with urllib.request.urlopen(f"{page.url}gradio_api/call/interpolate/{call(page, seed)}", timeout=PATIENCE):
        yield


@contextmanager
def by_call_unread(page, seed):
    """Put a request into Gradio's queue and never ask for its answer."""
    call(page, seed)
    yield


@contextmanager
def by_session(page, seed):
    """Ask as Gradio's own client does: a session's stream carries all of its answers."""
    config = json.loads(urllib.request.urlopen(f"{page.url}config", timeout=PATIENCE).read())
    (index,) = [one["id"] for one in config["dependencies"] if one["api_name"] == "interpolate"]
    session = f"session{seed}"
    body = {"data": [[seed, 2], *ARGUMENTS], "fn_index": index, "session_hash": session}
    post(page, "gradio_api/queue/join", body).getresponse().read()
    with urllib.request.urlopen(f"{page.url}gradio_api/queue/data?session_hash={session}", timeout=PATIENCE):
        yield


WAYS = [by_route, by_run, by_api, by_call, by_call_unread, by_session]


@pytest.mark.parametrize("way", WAYS)
def test_disconnecting_ends_the_work(page, endless, way):
    """A film that is being made ends soon after its client has disconnected."""
    with way(page, 7):
        wait_until(lambda: endless.begun == [7])
    wait_until(lambda: endless.ended == [7], PATIENCE / 2)


@pytest.mark.parametrize("way", [by_run, by_api, by_call, by_session])
def test_disconnecting_while_waiting_leaves_the_queue(page, endless, way):
    """A client that disconnects before the turn comes is never served, and the one behind is."""
    films = page.services.limiters.films
    with by_run(page, 1):
        wait_until(lambda: endless.begun == [1])
        with way(page, 2):
            wait_until(lambda: len(films._turns) == 2)
        wait_until(lambda: len(films._turns) == 1)
        with by_run(page, 3):
            wait_until(lambda: len(films._turns) == 2)
            assert endless.begun == [1]
    wait_until(lambda: not films._turns)
    assert 2 not in endless.begun


def test_a_disconnect_is_no_fault(page, endless, unanswered, capfd, caplog):
    """Nothing is logged, and no part of a film is left, when clients disconnect."""
    before = temporary_films()
    for way in (by_route, by_run, by_call):
        with way(page, 7):
            wait_until(lambda: len(endless.begun) > len(endless.ended))
        wait_until(lambda: len(endless.begun) == len(endless.ended))
    wait_until(lambda: not unanswered and not any(page.blocks._queue.active_jobs))
    assert temporary_films() == before
    said = capfd.readouterr()
    assert "Traceback" not in said.out + said.err + caplog.text


def test_a_stream_counts_by_its_session_or_its_event():
    """The two addresses under which Gradio streams answers, below any root path; no other address counts."""

    def scope(path, query=b"", method="GET", kind="http"):
        return {"type": kind, "method": method, "path": path, "query_string": query}

    assert stream_key(scope("/gradio_api/queue/data", b"session_hash=abc")) == "abc"
    assert stream_key(scope("/root/gradio_api/call/generate/e1")) == "e1"
    assert stream_key(scope("/gradio_api/call/v2/generate/e1")) == "e1"
    assert stream_key(scope("/gradio_api/call/generate", method="POST")) == ""
    assert stream_key(scope("/dcgan/film/x")) == ""
    assert stream_key({"type": "websocket", "path": "/gradio_api/queue/data"}) == ""


def test_an_answer_is_wanted_while_a_stream_is_open(monkeypatch):
    """Waiting ends when the last reader has gone, or when nobody came in time; not while anybody reads."""
    monkeypatch.setattr(client, "OPEN_WITHIN", 1.0)
    monkeypatch.setattr(client, "REOPEN_WITHIN", 0.1)

    async def visit():
        streams = EventStreams()
        await asyncio.wait_for(streams.wait_until_unread("a"), 10)
        with streams.reading("b"), streams.reading("b"):
            waiting = asyncio.create_task(streams.wait_until_unread("a", "b"))
            await asyncio.wait_for(streams.wait_until_unread("c"), 10)  # began later and has ended: nobody came in time
            assert not waiting.done()
        await asyncio.wait_for(waiting, 10)

    run_async(visit())
