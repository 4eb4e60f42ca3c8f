"""Requests of other sites' pages: refused on every route that changes or costs something."""

from __future__ import annotations

import json
import socket
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
from dcgan.web.origin import is_known_host, is_own_page, requested_host
from dcgan.web.settings import Settings, read_settings

FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"},
    {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Cookie": "a=b"},
)
REBOUND = {"Host": "evil.example", "Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


def ask(method, url, headers):
    """(status, content) of a request with an empty object as its body."""
    request = urllib.request.Request(url, b"{}", {"Content-Type": "application/json", **headers}, method=method)
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
            status, content = ask("POST", page.url.rstrip("/") + path, headers)
            assert status == 403, (path, headers)
            assert "another site" in json.loads(content)["error"]
    for headers in FOREIGN:
        for path in sockets:
            with pytest.raises(InvalidStatus, match="403"):
                connect(page.url.rstrip("/").replace("http", "ws") + path, additional_headers=headers, proxy=None)
    assert page.services.jobs.running() is None


def test_named_endpoints_refuse_them_too(page):
    """Another site's page starts no training by the named API either, nor by the way round Gradio's queue."""
    for path in ("gradio_api/call/train_start", "gradio_api/run/train_start"):
        assert ask("POST", f"{page.url}{path}", {"Origin": "https://evil.example"})[0] == 403
    assert page.services.jobs.running() is None


def test_another_name_for_this_server_is_refused(page):
    """A site whose name resolves to this machine (DNS rebinding) reads, changes and opens nothing: Host tells it."""
    routes = page_routes(page.services)
    paths = [r.path for r in routes if isinstance(r, Route) and "{" not in r.path]
    for path in [*paths, "/", "/config", "/gradio_api/info", "/gradio_api/run/train_start"]:
        for method in ("GET", "POST"):
            status, content = ask(method, page.url.rstrip("/") + path, REBOUND)
            assert status == 421, (method, path)
            assert "not known as evil.example" in json.loads(content)["error"]
    address = page.url.rstrip("/").split("/")[2]
    for path in [r.path for r in routes if isinstance(r, WebSocketRoute)]:
        with socket.create_connection(address.split(":")) as there, pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://evil.example{path}", sock=there, origin="http://evil.example", proxy=None)
    assert page.services.jobs.running() is None


def test_the_page_itself_and_programs_are_served(page):
    """Without an origin, or with this server's own, a request is answered."""
    host = page.url.split("/")[2]
    for headers in (
        {},
        {"Origin": f"http://{host}"},
        {"Origin": f"http://{host.upper()}", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Cookie": "a=b", "Sec-Fetch-Site": "same-origin"},
    ):
        assert ask("POST", f"{page.url}dcgan/frame", headers)[0] == 200, headers
    assert ask("GET", f"{page.url}dcgan/models", {"Sec-Fetch-Site": "cross-site"})[0] == 200  # a link to the page
    assert ask("GET", f"{page.url}dcgan/models", {"Origin": "https://evil.example"})[0] == 403


HERE = Settings(host="0.0.0.0", allowed_hosts=("our.example",)).hosts


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:7860", True),
        ("127.0.0.1:7860", True),
        ("192.168.0.7:7860", True),
        ("[::1]:7860", True),
        ("our.example", True),
        ("OUR.example:443", True),
        (f"{socket.gethostname()}:7860", True),
        ("evil.example", False),
        ("our.example.evil.example", False),
        ("our.example@evil.example", False),
        ("127.0.0.1.evil.example:7860", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_known_hosts_are_this_machines_names_and_those_it_was_told(host, known):
    """Names are compared whole, without their port; a number address is always known, for it cannot be rebound."""
    assert is_known_host(requested_host(Headers({"host": host}), behind_proxy=False), HERE) is known


def test_a_machine_that_is_not_shared_is_known_by_its_loopback_names_alone():
    """Where only this machine can connect, no other name of it is needed."""
    assert Settings().hosts == {"127.0.0.1", "localhost", "::1"}


def test_a_forwarded_host_counts_only_behind_a_proxy():
    """X-Forwarded-Host stands for Host where a proxy was declared, and is ignored elsewhere."""
    headers = Headers({"host": "10.0.0.1:7860", "x-forwarded-host": "our.example, other.example"})
    assert requested_host(headers, behind_proxy=True) == "our.example"
    assert requested_host(headers, behind_proxy=False) == "10.0.0.1:7860"


def test_a_space_is_known_by_its_own_host():
    """On Spaces the proxy is declared, and SPACE_HOST is one of the names."""
    settings = read_settings([], {"SYSTEM": "spaces", "SPACE_HOST": "me-faces.hf.space"})
    assert settings.behind_proxy and "me-faces.hf.space" in settings.hosts
    assert not read_settings([], {"SPACE_HOST": "me-faces.hf.space"}).behind_proxy
    named = read_settings(["--allowed-hosts", "a.example, B.example"], {})
    assert {"a.example", "b.example"} <= named.hosts


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
    assert is_own_page(Headers({"origin": origin}), "here.example:7860", changes=True) is own


def test_a_request_without_a_host_is_no_page():
    """An origin cannot equal a host that is not told."""
    for changes in (False, True):
        assert not is_own_page(Headers({"origin": "null"}), "", changes)
        assert not is_own_page(Headers({"origin": ""}), "", changes)
