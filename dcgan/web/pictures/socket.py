"""Frames over a WebSocket: the same as by POST without a request each, which is a quarter more pictures in a drag.

Every message is what a POST's body would be. The answers come in the order of the messages: bytes, which are the
microseconds that the picture took (four, little-endian) and then the picture; or text, {"error": sentence}.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from dcgan import schema
from dcgan.web.http import parse_json, status_and_sentence
from dcgan.web.pictures.frames import render_frame
from dcgan.web.services import Services


async def serve_frames(services: Services, socket: WebSocket) -> None:
    """Answers a socket's messages until it is closed, two at a time, as many as a page without a socket requests."""
    await socket.accept()
    last: asyncio.Task[None] | None = None
    while (message := await socket.receive())["type"] != "websocket.disconnect":
        before, last = last, asyncio.create_task(_reply(services, socket, message, last))
        if before:
            await before
    if last:
        await last


async def _reply(
    services: Services, socket: WebSocket, message: Mapping[str, Any], before: asyncio.Task[None] | None
) -> None:
    """Sends the answer to a message once the message before it has been answered."""
    answer = await _answer(services, message.get("text") or message.get("bytes") or "", socket.url.path)
    if before:
        await before
    if socket.application_state is WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect):  # a page may be closed before its picture is done
            await (socket.send_bytes(answer) if isinstance(answer, bytes) else socket.send_text(answer))


async def _answer(services: Services, message: str | bytes, path: str) -> str | bytes:
    started = time.perf_counter()
    try:
        body = parse_json(message)
        content = await services.limits.pictures.run(render_frame, services, body, schema.parse_picture(body))
    except Exception as error:
        return json.dumps({"error": status_and_sentence(error, path)[1]})
    took = round((time.perf_counter() - started) * 1e6)
    return took.to_bytes(4, "little") + content
