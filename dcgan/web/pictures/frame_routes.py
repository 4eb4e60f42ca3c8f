"""Pictures that follow a hand: a face, a moment of a path, or a place in a field, one for each question.

    POST      dcgan/frame    JSON in, a picture out
    WebSocket dcgan/frames   the same without a request for each, which is a quarter more pictures in a drag

Every message of a socket is what a POST's body would be. The answers come in the order of the messages: bytes, which
are the microseconds that it took (four, little end first) and then the picture; or text, {"error": sentence}.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import torch
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from dcgan import schema
from dcgan.images import encode, to_pil
from dcgan.web.pictures.routes import PREFIX, THREADS, answer, explain, parse_json, read_json
from dcgan.web.services import Services

NOT_ALLOWED = 1008  # a WebSocket's word for it


def frame_routes(services: Services) -> list[BaseRoute]:
    """Routes for single pictures."""
    easel = _Easel(services)
    return [
        Route(f"{PREFIX}/frame", answer(easel.post), methods=["POST"]),
        WebSocketRoute(f"{PREFIX}/frames", easel.converse),
    ]


class _Easel:
    """Draws for everybody, and holds nothing of anybody: what a socket's messages have in common is their order."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._renderer = services.renderer
        self._threads = CapacityLimiter(THREADS)

    async def post(self, request: Request) -> Response:
        body, started = await read_json(request), time.perf_counter()
        look = schema.parse_picture(body)
        content = await self._draw(body, look)
        took = f"{(time.perf_counter() - started) * 1000:.1f}"
        headers = {"X-Millis": took, "Cache-Control": "no-store"}
        return Response(content, media_type=f"image/{look.format}", headers=headers)

    async def converse(self, socket: WebSocket) -> None:
        """Draws two pictures of a socket at a time, as a page with two requests on their way had them."""
        if not from_our_page(socket.headers):
            await socket.close(NOT_ALLOWED)
            return
        await socket.accept()
        last: asyncio.Task[None] | None = None
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            before, last = last, asyncio.create_task(self._reply(socket, message, last))
            if before:
                await before
        if last:
            await last

    async def _reply(self, socket: WebSocket, message: Mapping[str, Any], before: asyncio.Task[None] | None) -> None:
        """Says what a message gives, once what came before it was said."""
        answer = await self._answer(message.get("text") or message.get("bytes") or "", socket.url.path)
        if before:
            await before
        if socket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):  # a page may be closed before its picture is done
                await (socket.send_bytes(answer) if isinstance(answer, bytes) else socket.send_text(answer))

    async def _answer(self, message: str | bytes, path: str) -> str | bytes:
        started = time.perf_counter()
        try:
            body = parse_json(message)
            content = await self._draw(body, schema.parse_picture(body))
        except Exception as error:
            return json.dumps({"error": explain(error, path)[1]})
        took = round((time.perf_counter() - started) * 1e6)
        return took.to_bytes(4, "little") + content

    async def _draw(self, body: Mapping[str, Any], look: schema.PictureSpec) -> bytes:
        """The event loop reads and writes, a thread computes."""
        return await to_thread.run_sync(self._picture, body, look, limiter=self._threads)

    def _picture(self, body: Mapping[str, Any], look: schema.PictureSpec) -> bytes:
        """A face, a path at time t, or a field at x, y."""
        model = schema.parse_model(body, self._services.store.names)
        off: tuple[tuple[int, int], ...] = ()
        if "faces" in body:
            path, t = schema.parse_path(body, schema.MAX_KEYFRAMES_ONLINE), schema.parse_share(body, "t")
            z = path.at(self._renderer.latents(model, path.faces), torch.tensor([t]))
        elif "corners" in body:
            x, y = (torch.tensor([schema.parse_share(body, name)]) for name in "xy")
            field = schema.parse_field(body)
            z = field.at(self._renderer.latents(model, field.corners), x, y)
        else:
            face = schema.parse_face(body)
            z, off = self._renderer.latent(model, face)[None], face.off
        picture = self._renderer.render(model, z, off)[0]
        return encode(to_pil(picture, look.size, look.resample), look.format, quality=92)


def from_our_page(headers: Headers) -> bool:
    """Whether a page of this server opens a socket, or a program does.

    Browsers let every site open sockets to everywhere and read the answers, which here are pictures of what may be a
    private model; but they say which site it is. A proxy in front of us may have another name than we.
    """
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc in (headers.get("host"), headers.get("x-forwarded-host"))
