"""Requests of other sites' pages: refused on every route that changes or costs something."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from live_page import live_page
from starlette.datastructures import Headers
from starlette.routing import Route, WebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dcgan.web.build import page_routes
from dcgan.web.http import PREFIX
from dcgan.web.origin import is_own_page

FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


def post(url, headers):
    """(status, content) of an empty POST."""
    request = urllib.request.Request(url, b"{}", {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_every_route_refuses_other_sites_pages(page):
    """Each POST and each WebSocket that the page has, whichever it may be, answers 403 to a foreign origin."""
    routes = page_routes(page.services)
    posts = [r.path for r in routes if isinstance(r, Route) and not set(r.methods) <= {"GET", "HEAD"}]
    sockets = [r.path for r in routes if isinstance(r, WebSocketRoute)]
    assert len(posts) >= 18 and f"{PREFIX}/film" in posts and f"{PREFIX}/train/start" in posts and sockets
    for headers in FOREIGN:
        for path in posts:
            status, content = post(page.url.rstrip("/") + path, headers)
            assert status == 403, (path, headers)
            assert "another site" in json.loads(content)["error"]
    for headers in (headers for headers in FOREIGN if "X-Forwarded-Host" not in headers):
        for path in sockets:
            with pytest.raises(InvalidStatus, match="403"):
                connect(page.url.rstrip("/").replace("http", "ws") + path, additional_headers=headers, proxy=None)
    assert page.services.jobs.running() is None


def test_named_endpoints_refuse_them_too(page):
    """Another site's page starts no training by the named API either, nor by the way round Gradio's queue."""
    for path in ("gradio_api/call/train_start", "gradio_api/run/train_start"):
        assert post(f"{page.url}{path}", {"Origin": "https://evil.example"})[0] == 403
    assert page.services.jobs.running() is None


def test_the_page_itself_and_programs_are_served(page):
    """Without an origin, or with this server's own, a request is answered; reading by GET is open to all."""
    host = page.url.split("/")[2]
    for headers in (
        {},
        {"Origin": f"http://{host}"},
        {"Origin": f"http://{host.upper()}", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://our.example", "X-Forwarded-Host": "our.example", "Sec-Fetch-Site": "same-origin"},
    ):
        assert post(f"{page.url}dcgan/frame", headers)[0] == 200, headers
    request = urllib.request.Request(f"{page.url}dcgan/models", headers={"Origin": "https://evil.example"})
    assert json.loads(urllib.request.urlopen(request, timeout=60).read()) == ["first", "second"]


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://here.example:7860", True),
        ("https://HERE.example:7860", True),
        ("http://here.example", False),
        ("http://here.example:7861", False),
        ("http://here.example:7860.evil.example", False),
        ("http://here.example:7860@evil.example", False),
        ("here.example:7860", False),
        ("", False),
    ],
)
def test_an_origin_must_be_the_host_with_its_port(origin, own):
    """Host and port are compared whole; a name that only begins or ends alike is another."""
    assert is_own_page(Headers({"origin": origin, "host": "here.example:7860"}), websocket=False) is own


def test_a_request_without_a_host_is_no_page():
    """An origin cannot equal a host that is not told."""
    assert not is_own_page(Headers({"origin": "null"}), websocket=False)
    assert not is_own_page(Headers({"origin": "null", "host": ""}), websocket=True)
