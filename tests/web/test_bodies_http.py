"""Bodies from outside: Gradio's uploads are closed, and no body is too large, too slow or one too many."""

from __future__ import annotations

import http.client
import json
import socket
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from gradio import processing_utils
from live_page import live_page
from waiting import wait_until

from dcgan.web import bodies
from dcgan.web.bodies import _Body, is_closed
from dcgan.web.settings import Settings

MIB = 2**20
PATHS = ["dcgan/train/upload", "dcgan/photo?model=first", "dcgan/frame", "gradio_api/run/generate"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page"), public=True) as live:
        yield live


def post(page, path, content, **headers):
    """(status, JSON) of a request."""
    request = urllib.request.Request(f"{page.url}{path}", content, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@contextmanager
def beginning(page, path, sent, announced, **headers):
    """A connection on which only the first `sent` of the announced bytes were sent."""
    host, port = page.url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        lines = [f"POST /{path} HTTP/1.1", f"Host: {host}", f"Content-Length: {announced}"]
        lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in headers.items())]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + b"x" * sent)
        yield connection


def read_answer(connection):
    """(status, JSON) of what the server answers on a connection, which it then closes."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, json.loads(response.read())


@pytest.fixture
def arrived(monkeypatch):
    """arrived() → how many bytes of bodies the server has received since the test began."""
    sizes, count = [], _Body._count

    def count_and_note(body, size):
        count(body, size)
        sizes.append(size)

    monkeypatch.setattr(_Body, "_count", count_and_note)
    return lambda: sum(sizes)


def temporary_files():
    return sorted(str(path) for path in Path(tempfile.gettempdir()).rglob("*"))


def test_gradios_uploads_are_closed(page):
    """A file sent to any of Gradio's routes that take files is refused with a sentence, and nothing is kept."""
    before = temporary_files()
    form = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nhello\r\n--x--\r\n'
    for path in ("upload", "component_server", "component_server/", "process_recording", "stream/x", "vibe-edit"):
        status, answer = post(page, f"gradio_api/{path}", form, **{"Content-Type": "multipart/form-data; boundary=x"})
        assert status == 403 and "takes no files" in answer["error"], path
    assert temporary_files() == before


@pytest.mark.parametrize(
    ("method", "path", "closed"),
    [
        ("POST", "/gradio_api/upload", True),
        ("POST", "/root/gradio_api/upload/", True),
        ("GET", "/gradio_api/deep_link", True),
        ("GET", "/gradio_api/upload_progress", True),
        ("POST", "/gradio_api/run/generate", False),
        ("POST", "/gradio_api/call/v2/generate", False),
        ("POST", "/gradio_api/queue/join", False),
        ("POST", "/gradio_api/cancel", False),
        ("GET", "/gradio_api/info", False),
        ("POST", "/dcgan/train/upload", False),
    ],
)
def test_only_routes_that_are_used_are_open(method, path, closed):
    """Of Gradio's routes, POST reaches those of named endpoints alone; ours are all open."""
    assert is_closed(method, path) is closed


def test_no_argument_makes_the_server_download_a_file(page, monkeypatch):
    """An argument that looks like Gradio's description of a file elsewhere is refused; its address is not opened."""
    fetched = []

    async def download(url, *arguments, **options):
        fetched.append(url)
        raise OSError

    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download", download)
    file = {"path": "https://example.com/large.bin", "meta": {"_type": "gradio.FileData"}}
    arguments = json.dumps({"data": [[file], 0, 64, 0, "slerp", "linear", False, "", None]}).encode()
    for way in ("run", "api"):
        status, answer = post(page, f"gradio_api/{way}/sheet", arguments)
        assert status == 500 and "take no files" in answer["error"]
    assert fetched == []


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_comes_to_a_halt_is_given_up(page, monkeypatch, path):
    """A connection held open in the middle of its body is answered and closed, and its temporary file is gone."""
    monkeypatch.setattr(bodies, "IDLE", 0.5)
    before = temporary_files()
    with beginning(page, path, 10, 1000) as connection:
        status, answer = read_answer(connection)
        assert status == 408 and "came to a halt" in answer["error"]
        assert connection.recv(1) == b""
    wait_until(lambda: temporary_files() == before)


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_trickles_is_given_up(page, monkeypatch, path):
    """A byte now and then does not keep a request open beyond the whole time it may take."""
    monkeypatch.setattr(bodies, "SLOWEST", 1.0)
    with beginning(page, path, 10, 1000) as connection:
        connection.settimeout(0.05)
        end = time.monotonic() + 30
        while True:
            assert time.monotonic() < end, "it was never given up"
            connection.sendall(b"x")
            try:
                connection.recv(1, socket.MSG_PEEK)
                break
            except TimeoutError:
                continue
        connection.settimeout(30)
        assert read_answer(connection)[0] == 408


def test_a_body_is_limited_whichever_route_it_goes_to(page):
    """Gradio reads a named endpoint's arguments whole; more than a picture's text is refused before that."""
    for path in ("gradio_api/run/invert", "gradio_api/call/invert", "gradio_api/queue/join", "gradio_api/cancel"):
        status, answer = post(page, path, b" " * (bodies.LARGEST + 1))
        assert status == 413 and "larger than 24 MiB" in answer["error"]


def test_a_visitor_sends_one_upload_at_a_time(page, arrived):
    """While one is under way a second is refused; small requests are served, and another upload when the first ends."""
    with beginning(page, PATHS[0], 2 * MIB, 3 * MIB) as connection:
        wait_until(lambda: arrived() == 2 * MIB)
        for path in (PATHS[0], PATHS[1]):
            status, answer = post(page, path, b"x" * (2 * MIB))
            assert status == 429 and "Another upload of yours" in answer["error"]
        assert post(page, "dcgan/numbers", b'{"model": "first"}')[0] == 200
        connection.close()
    wait_until(lambda: post(page, PATHS[1], b"x" * (2 * MIB))[0] == 422)  # read, and no picture


def test_all_uploads_together_are_bounded(page, arrived, monkeypatch):
    """Of three visitors who send two MiB each where five may arrive at once, the last is asked to wait."""
    monkeypatch.setattr(Settings, "arriving_bytes", 5 * MIB)
    monkeypatch.setattr(bodies, "visitor_address", lambda request, settings: request.headers.get("x-visitor", ""))
    with (
        beginning(page, PATHS[0], 2 * MIB, 3 * MIB, **{"X-Visitor": "1"}),
        beginning(page, PATHS[0], 2 * MIB, 3 * MIB, **{"X-Visitor": "2"}),
    ):
        wait_until(lambda: arrived() == 4 * MIB)
        status, answer = post(page, PATHS[1], b"x" * (2 * MIB), **{"X-Visitor": "3"})
        assert status == 503 and "Too many uploads" in answer["error"]
        assert post(page, "dcgan/numbers", b'{"model": "first"}', **{"X-Visitor": "3"})[0] == 200
    wait_until(lambda: post(page, PATHS[1], b"x" * (2 * MIB), **{"X-Visitor": "3"})[0] == 422)
