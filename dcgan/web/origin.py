"""Only this page and programs may change or start something here; pages of other sites may not.

A browser lets every site send requests to every other, and open WebSockets, with the visitor's own access to this
machine. But it says which site asks, in headers that no script can set. Programs send none of them and are let through.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
POLICY_VIOLATION = 1008  # a WebSocket's close code; before the handshake the server makes it a 403
SENTENCE = "This request comes from another site's page; open this page itself."


class OriginCheck:
    """ASGI middleware over the whole app: refuses every request by another site's page that is not a mere GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it with 403."""
        if not _is_checked(scope) or is_own_page(Headers(scope=scope), scope["type"] == "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await JSONResponse({"error": SENTENCE}, status_code=403)(scope, receive, send)


def is_own_page(headers: Headers, websocket: bool) -> bool:
    """Whether a request comes from a page of this server, or from a program.

    A proxy in front may have another name than this server, and passes it on as X-Forwarded-Host. That header counts
    only where no script can have written it: scripts cannot set headers of a WebSocket's handshake, and of other
    requests the browser itself says that they are from the same origin.
    """
    site = headers.get("sec-fetch-site", "")
    if site in ("cross-site", "same-site"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    names = [headers.get("host", "")]
    if websocket or site == "same-origin":
        names.append(headers.get("x-forwarded-host", ""))
    return urlsplit(origin).netloc.lower() in [name.lower() for name in names if name]


def _is_checked(scope: Scope) -> bool:
    return scope["type"] == "websocket" or (scope["type"] == "http" and scope["method"] not in SAFE_METHODS)
