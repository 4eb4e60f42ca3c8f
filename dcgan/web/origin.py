"""Only this page and programs may use this server; pages of other sites may not.

A browser lets every site send requests to every other, and open WebSockets, with the visitor's own access to this
machine. Two headers that no script can set tell the sites apart. `Origin` is the page that sends the request. `Host` is
the name that the browser looked up: in DNS rebinding a site lets its own name resolve to 127.0.0.1, and is then of the
same origin as this server, but its name stands in `Host`. Programs send no `Origin`.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
POLICY_VIOLATION = 1008  # a WebSocket's close code; before the handshake the server makes it a 403
OTHER_SITE = "This request comes from another site's page; open this page itself."


class OriginCheck:
    """ASGI middleware over the whole app: refuses unknown hosts, and requests by pages of other sites.

    `hosts` are the names under which this server is reached. With `behind_proxy`, X-Forwarded-Host stands for Host.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], behind_proxy: bool) -> None:
        self._app = app
        self._hosts, self._behind_proxy = frozenset(hosts), behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with 421 (unknown host) or 403 (another site)."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = requested_host(headers, self._behind_proxy)
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if not is_known_host(host, self._hosts):
            await _refuse(421, _unknown_host(host), scope, receive, send)
        elif not is_own_page(headers, host, changes):
            await _refuse(403, OTHER_SITE, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def requested_host(headers: Headers, behind_proxy: bool) -> str:
    """The host and port that the browser was told to open; "" where the request names none."""
    forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip() if behind_proxy else ""
    return (forwarded or headers.get("host", "")).lower()


def is_known_host(host: str, hosts: Collection[str]) -> bool:
    """Whether a host, with or without a port, is one of `hosts` or an IP address, which cannot be rebound."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in hosts:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_own_page(headers: Headers, host: str, changes: bool) -> bool:
    """Whether a request for `host` comes from a page of this server, or from a program.

    A request that `changes` or costs something is also refused where the browser says that it comes from elsewhere, or
    where it carries cookies, as only a browser's do, without naming its page.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "")
    if changes and site in ("cross-site", "same-site"):
        return False
    if origin is None:
        return not changes or bool(site) or "cookie" not in headers
    return bool(host) and urlsplit(origin).netloc.lower() == host


async def _refuse(status: int, sentence: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
    else:
        await JSONResponse({"error": sentence}, status_code=status)(scope, receive, send)


def _unknown_host(host: str) -> str:
    name = ascii(host[:100])[1:-1] or "nothing"
    return (
        f"This server is not known as {name}. If it should be, start it with --allowed-hosts {name.partition(':')[0]}."
    )
