"""The client of a request: notice when nobody waits for the answer any more, so that long work can stop.

`ClientMiddleware` gives every request a `Client`. While work waits for its turn or runs on a thread, `Limiter.run`
watches the client's connection. The work asks `check_cancelled()` between its steps.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import partial
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from dcgan.errors import Cancelled

STREAMS = "dcgan.streams"  # the key of EventStreams in an ASGI scope
OPEN_WITHIN = 10.0  # seconds in which a program opens the stream of an answer that it put into Gradio's queue
REOPEN_WITHIN = 1.0  # seconds without an open stream after which it has disconnected
POLL = 0.2


class Client:
    """Whoever waits for an answer. Safe to use from any thread.

    `wait_until_gone` returns when the connection is closed. Without it, only `leave` ends the waiting.
    """

    def __init__(self, wait_until_gone: Callable[[], Awaitable[None]] | None = None) -> None:
        self._wait_until_gone = wait_until_gone
        self._gone = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def gone(self) -> bool:
        """Whether nobody waits any more."""
        return self._gone.is_set()

    def leave(self) -> None:
        """Record that nobody waits any more, and call everyone who asked for it."""
        self._gone.set()
        with self._lock:
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def answered(self) -> None:
        """Record that the request was answered: what goes on in the background is no longer done for its client."""
        self._wait_until_gone = None

    def check(self) -> None:
        """Raise Cancelled when nobody waits any more."""
        if self.gone:
            raise Cancelled

    @contextmanager
    def on_leave(self, callback: Callable[[], None]) -> Iterator[None]:
        """Within this block, call `callback` once when the client leaves, or at once if it has left."""
        with self._lock:
            if not self.gone:
                self._callbacks.append(callback)
        if self.gone:
            callback()
        try:
            yield
        finally:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Within this block, notice when the connection is closed. The request's body must have been read before."""
        if self._wait_until_gone is None:
            yield
            return
        watch = asyncio.create_task(self._watch(self._wait_until_gone))
        try:
            yield
        finally:
            watch.cancel()

    async def _watch(self, wait_until_gone: Callable[[], Awaitable[None]]) -> None:
        await wait_until_gone()
        self.leave()


_CLIENT: ContextVar[Client] = ContextVar("client")


def current_client() -> Client:
    """Return the client of the request that is being answered; outside a request, one that never leaves."""
    return _CLIENT.get(None) or Client()


@contextmanager
def acting_for(client: Client) -> Iterator[None]:
    """Within this block, and on threads that are started from it with its context, work for this client."""
    token = _CLIENT.set(client)
    try:
        yield
    finally:
        _CLIENT.reset(token)


def check_cancelled() -> None:
    """Raise Cancelled when nobody waits for what this thread computes. Long work calls it between its steps."""
    current_client().check()


class EventStreams:
    """Which answers of Gradio's queue are being read, by session or event. Used on the event loop only."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    @contextmanager
    def reading(self, key: str) -> Iterator[None]:
        """Count one more reader of a session's or event's stream within this block."""
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    async def wait_until_unread(self, *keys: str) -> None:
        """Return when nobody reads any of these streams, or nobody began to within `OPEN_WITHIN` seconds."""
        last_read, patience = time.monotonic(), OPEN_WITHIN
        while True:
            if any(key in self._open for key in keys):
                last_read, patience = time.monotonic(), REOPEN_WITHIN
            elif time.monotonic() - last_read > patience:
                return
            await asyncio.sleep(POLL)

    def client(self, *keys: str) -> Client:
        """Return the client that reads these streams."""
        return Client(partial(self.wait_until_unread, *keys))


class ClientMiddleware:
    """ASGI middleware over the whole app: gives each request and each WebSocket its `Client`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._streams = EventStreams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its client, and note which streams of Gradio's queue are read."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        is_http = scope["type"] == "http"
        client = Client(partial(_wait_for_disconnect, receive)) if is_http else Client()
        scope[STREAMS] = self._streams
        with acting_for(client), self._streams.reading(stream_key(scope)):
            try:
                await self._app(scope, receive, send)
            finally:
                client.answered()


def stream_key(scope: Scope) -> str:
    """Return the session or event whose answers a request reads from Gradio's queue; "" if it reads none."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return ""
    path: str = scope["path"]
    if path.endswith("/gradio_api/queue/data"):
        return parse_qs(str(scope["query_string"], "latin-1")).get("session_hash", [""])[0]
    found = re.search(r"/gradio_api/call/(?:v2/)?[^/]+/([^/]+)$", path)
    return str(found[1]) if found else ""


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
