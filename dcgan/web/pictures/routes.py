"""Pictures and latents of faces, for every tab: JSON in, a picture or JSON out, nothing kept between requests.

GET       dcgan/latent    z of a seed, or of a packed latent, for the faders
POST      dcgan/numbers   a face's latent, and how usual its length is
POST      dcgan/frame     one picture; X-Millis says how long it took
WebSocket dcgan/frames    the same, many over one connection; see `socket.py`
POST      dcgan/sheet     many small pictures in one JPEG
"""

from __future__ import annotations

import time
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from dcgan import schema
from dcgan.web.http import PREFIX, json_errors, json_route, read_json
from dcgan.web.pictures.frames import render_frame
from dcgan.web.pictures.latents import fader_fields, latent_fields
from dcgan.web.pictures.sheets import draw_sheet
from dcgan.web.pictures.socket import serve_frames
from dcgan.web.services import Services

NOT_CACHED = {"Cache-Control": "no-store"}


def routes(services: Services) -> list[BaseRoute]:
    """Routes for pictures and latents."""
    limiters = services.limiters

    async def frame(request: Request) -> Response:
        body, started = await read_json(request), time.perf_counter()
        look = schema.parse_picture(body)
        content = await limiters.pictures.run(render_frame, services, body, look)
        took = f"{(time.perf_counter() - started) * 1000:.1f}"
        return Response(content, media_type=f"image/{look.format}", headers={"X-Millis": took, **NOT_CACHED})

    async def frames(socket: WebSocket) -> None:
        await serve_frames(services, socket)

    async def sheet(request: Request) -> Response:
        content = await limiters.sheets.run(draw_sheet, services, await read_json(request))
        return Response(content, media_type="image/jpeg", headers=NOT_CACHED)

    return [
        json_route("GET", "latent", partial(fader_fields, services), limiters.pictures),
        json_route("POST", "numbers", partial(latent_fields, services), limiters.analyses),
        Route(f"{PREFIX}/frame", json_errors(frame), methods=["POST"]),
        WebSocketRoute(f"{PREFIX}/frames", frames),
        Route(f"{PREFIX}/sheet", json_errors(sheet), methods=["POST"]),
    ]
