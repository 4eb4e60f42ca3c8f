"""Bodies of requests: how large they may be, how slowly they may arrive, and how many bytes may arrive at once.

A route checks its own, smaller limits. These hold for every request, also for those that Gradio reads whole into memory
before it calls a named endpoint. They bound memory and temporary files, whatever visitors send or hold back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dcgan.errors import RequestError
from dcgan.web.http import PREFIX
from dcgan.web.settings import Settings
from dcgan.web.visitor import visitor_address

ZIP_PATH = f"{PREFIX}/train/upload"  # its route limits the size, and writes to disk what arrives
LARGEST = 24 * 2**20  # bytes of any other body: a picture of 16 MiB as base64
SMALL = 2**20  # bytes up to which a body is no upload
IDLE = 30.0  # seconds without a byte
SLOWEST = 1200.0  # seconds for a whole body
# Of Gradio's own routes, those that take a POST of a page or program here; the others write files or run tools.
GRADIO = "/gradio_api/"
GRADIO_POSTS = ("run", "api", "call", "queue", "cancel", "reset")
GRADIO_CLOSED = ("upload_progress", "deep_link")
NO_FILES = "This server takes no files here; the page and the named endpoints send pictures in their own requests."


class BodyRefused(RequestError):
    """A body that is too large, too slow or one too many; `status` answers it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass
class _Arriving:
    """Bytes of the requests that have not been answered yet: of each visitor's uploads, and of all bodies."""

    total: int = 0
    uploads: dict[str, int] = field(default_factory=dict)  # visitor → uploads on their way


class BodyLimits:
    """ASGI middleware over the whole app that refuses bodies beyond the limits, and Gradio's uploads.

    On a public page a visitor sends one upload at a time, and all bodies together have at most
    `settings.arriving_bytes`.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._arriving = _Arriving()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that is checked as it arrives. Answers 403, 408, 413, 429 or 503."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif is_closed(scope["method"], scope["path"]):
            await JSONResponse({"error": NO_FILES}, status_code=403)(scope, receive, send)
        else:
            body = _Body(scope, receive, send, self._settings, self._arriving)
            try:
                await self._app(scope, body.receive, body.send)
            except BodyRefused:
                if body.refusal is None:
                    raise
            finally:
                body.release()
            await body.answer()


def is_closed(method: str, path: str) -> bool:
    """Return whether a request goes to a route of Gradio's that nothing here uses."""
    _, found, rest = path.partition(GRADIO)
    name = rest.partition("/")[0]
    return bool(found) and (name in GRADIO_CLOSED or (method == "POST" and name not in GRADIO_POSTS))


class _Body:
    """One request's body on its way, and its answer, which a refusal replaces."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings, arriving: _Arriving) -> None:
        self.refusal: BodyRefused | None = None
        self._scope, self._receive, self._send = scope, receive, send
        self._settings, self._arriving = settings, arriving
        self._visitor = visitor_address(Request(scope), settings)
        self._deadline = asyncio.get_running_loop().time() + SLOWEST
        self._bytes = 0
        self._is_upload = self._is_complete = self._is_answered = False

    async def receive(self) -> Message:
        """Receive the next part of the body. Raises BodyRefused, also when it was refused before."""
        if self.refusal is not None:
            raise self.refusal
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(min(self._deadline, asyncio.get_running_loop().time() + IDLE)):
                message = await self._receive()
            self._is_complete = not message.get("more_body", False)
            self._count(len(message.get("body", b"")))
        except TimeoutError:
            self.refusal = BodyRefused(408, "The upload came to a halt or took too long; send it again.")
        except BodyRefused as refusal:
            self.refusal = refusal
        if self.refusal is not None:
            raise self.refusal
        return message

    async def send(self, message: Message) -> None:
        """Send the app's answer, unless the body was refused before it began."""
        if self.refusal is None or self._is_answered:
            self._is_answered = True
            await self._send(message)

    async def answer(self) -> None:
        """Answer with the refusal, if there is one."""
        if self.refusal is not None and not self._is_answered:
            answer = JSONResponse({"error": str(self.refusal)}, self.refusal.status, {"Connection": "close"})
            await answer(self._scope, self._receive, self._send)

    def release(self) -> None:
        """Take the body out of the account."""
        self._arriving.total -= self._bytes
        self._bytes = 0
        if self._is_upload:
            self._is_upload = False
            self._arriving.uploads[self._visitor] -= 1
            if not self._arriving.uploads[self._visitor]:
                del self._arriving.uploads[self._visitor]

    def _count(self, size: int) -> None:
        self._bytes += size
        self._arriving.total += size
        if self._bytes > LARGEST and not self._scope["path"].endswith(ZIP_PATH):
            raise BodyRefused(413, f"The request is larger than {LARGEST >> 20} MiB.")
        if not self._settings.public or self._bytes <= SMALL:
            return
        if not self._is_upload:
            self._is_upload = True
            others = self._arriving.uploads.get(self._visitor, 0)
            self._arriving.uploads[self._visitor] = others + 1
            if others:
                raise BodyRefused(429, "Another upload of yours is under way; wait until it is done.")
        if self._arriving.total > self._settings.arriving_bytes:
            raise BodyRefused(503, "Too many uploads are under way on this public page; try again in a minute.")
