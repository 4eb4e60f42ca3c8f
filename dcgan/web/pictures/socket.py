"""Frames over a WebSocket: the same as by POST without a request each, which is a quarter more pictures in a drag.

Every message is what a POST's body would be. Each gets an answer, in the order of the messages. An answer is bytes: the
microseconds that the picture took (four, little-endian) and then the picture. Or it is text: {"error": sentence}, or
{"superseded": true} for a message that a newer one replaced before its picture was begun.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from dcgan import schema
from dcgan.web.http import parse_json, status_and_sentence
from dcgan.web.pictures.frames import render_frame
from dcgan.web.services import Services

SUPERSEDED = json.dumps({"superseded": True})


async def serve_frames(services: Services, socket: WebSocket) -> None:
    """Answer a socket's messages until it is closed.

    A socket has one picture in work, and the newest message waits; older ones are dropped unread. A burst of messages
    thus costs two pictures, and a closed socket none.
    """
    await socket.accept()
    newest = _Newest()
    answers = asyncio.create_task(_answer_newest(services, socket, newest))
    try:
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            newest.put(message.get("text") or message.get("bytes") or "")
    finally:
        answers.cancel()
        await asyncio.wait([answers])


class _Newest:
    """The newest message that is not yet in work, and how many it replaced."""

    def __init__(self) -> None:
        self._arrived = asyncio.Event()
        self._message: str | bytes = ""
        self._replaced = 0

    def put(self, message: str | bytes) -> None:
        """Replace the message that waits."""
        if self._arrived.is_set():
            self._replaced += 1
        self._message = message
        self._arrived.set()

    async def take(self) -> tuple[str | bytes, int]:
        """Wait for a message → it, and the number of messages it replaced."""
        await self._arrived.wait()
        self._arrived.clear()
        replaced, self._replaced = self._replaced, 0
        return self._message, replaced


async def _answer_newest(services: Services, socket: WebSocket, newest: _Newest) -> None:
    with suppress(WebSocketDisconnect):  # a page may be closed before its picture is done
        while True:
            message, replaced = await newest.take()
            for _ in range(replaced):
                await socket.send_text(SUPERSEDED)
            answer = await _answer(services, message, socket.url.path)
            await (socket.send_bytes(answer) if isinstance(answer, bytes) else socket.send_text(answer))


async def _answer(services: Services, message: str | bytes, path: str) -> str | bytes:
    started = time.perf_counter()
    try:
        body = parse_json(message)
        content = await services.limiters.pictures.run(render_frame, services, body, schema.parse_picture(body))
    except Exception as error:
        return json.dumps({"error": status_and_sentence(error, path)[1]})
    took = round((time.perf_counter() - started) * 1e6)
    return took.to_bytes(4, "little") + content
