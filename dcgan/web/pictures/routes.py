"""The page's own fast routes, beside Gradio's: JSON in, a picture or JSON out, nothing remembered between requests.

    GET  dcgan/open?<link>   the models, the chosen one's facts, the face the link names
    GET  dcgan/models        the models' names
    GET  dcgan/latent        z of a seed, or of a packed latent, for the faders
    POST dcgan/sheet         many small pictures in one JPEG: strips, neighbours, film strips
    POST dcgan/score         D's opinion of a face

Bad input is answered with 422 and {"error": sentence}; the page shows the sentence.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import torch
from anyio import CapacityLimiter, to_thread
from PIL import Image
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from torch import Tensor

from dcgan import schema
from dcgan.errors import DCGANError, RequestError
from dcgan.images import encode, grid, to_hwc, to_pil
from dcgan.schema import check_whole, parse_off
from dcgan.web.assets import Scripts, version
from dcgan.web.explore.critic import Critic
from dcgan.web.explore.links import open_link
from dcgan.web.services import Services

BODY_LIMIT = 256 * 1024
LARGEST_SHEET = 4_000_000  # pixels
PIECE = 8  # faces of a sheet between two looks at whether anybody still wants it
THREADS = 16  # requests that wait for the renderer at a time; the others wait without a thread
PREFIX = "/dcgan"

Endpoint = Callable[[Request], Awaitable[Response]]
T = TypeVar("T")
log = logging.getLogger(__name__)


def picture_routes(services: Services) -> list[BaseRoute]:
    """Routes for Explore and Interpolate, and the page's own scripts."""
    desk = _Desk(services)
    return [
        Route(f"{PREFIX}/open", answer(desk.open), methods=["GET"]),
        Route(f"{PREFIX}/models", answer(desk.models), methods=["GET"]),
        Route(f"{PREFIX}/latent", answer(desk.latent), methods=["GET"]),
        Route(f"{PREFIX}/sheet", answer(desk.sheet), methods=["POST"]),
        Route(f"{PREFIX}/score", answer(desk.score), methods=["POST"]),
        Mount(f"{PREFIX}/static/{version()}", Scripts()),
    ]


def answer(endpoint: Endpoint) -> Endpoint:
    """Turns what can go wrong into a status and a sentence; a fault of ours is logged, and never shown in detail."""

    async def safe(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (ClientDisconnect, asyncio.CancelledError):
            return Response(status_code=499)
        except Exception as error:
            status, sentence = explain(error, request.url.path)
            return JSONResponse({"error": sentence}, status_code=status)

    return safe


def explain(error: Exception, path: str) -> tuple[int, str]:
    """The status and the sentence for an error that is being handled."""
    if isinstance(error, DCGANError):
        return 422, str(error)
    log.exception("%s failed", path)
    return 500, "The server made a mistake; its log says which. Try again, or reload the page."


async def read_json(request: Request) -> Mapping[str, Any]:
    """The request's JSON object. Raises RequestError when it is larger than BODY_LIMIT, or not one."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        _check_length(content)
    return parse_json(content)


def parse_json(content: str | bytes | bytearray) -> Mapping[str, Any]:
    """The same of what has been read."""
    _check_length(content)
    try:
        return schema.read_object(json.loads(content))
    except (ValueError, RecursionError):
        raise RequestError("The request's body is not JSON.") from None


def _check_length(content: str | bytes | bytearray) -> None:
    if len(content) > BODY_LIMIT:
        raise RequestError(f"The request is larger than {BODY_LIMIT // 1024} KiB.")


class _Desk:
    """The routes' handlers: the event loop reads and writes, threads compute. Holds nothing of any visitor."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._renderer = services.renderer
        self._critic = Critic(services.renderer)
        self._threads = CapacityLimiter(THREADS)
        # what takes seconds at its first question has threads of its own, so that pictures never wait behind it
        self._slow_threads = CapacityLimiter(THREADS)

    async def _thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await to_thread.run_sync(work, *arguments, limiter=self._threads)

    async def _slowly(self, work: Callable[..., T], *arguments: Any) -> T:
        return await to_thread.run_sync(work, *arguments, limiter=self._slow_threads)

    def _model(self, fields: Mapping[str, Any]) -> str:
        return schema.parse_model(fields, self._services.store.names)

    async def open(self, request: Request) -> Response:
        return JSONResponse(await self._slowly(self._open, dict(request.query_params)))

    def _open(self, params: dict[str, str]) -> dict[str, Any]:
        settings = self._services.settings
        model, face, problems = open_link(params, self._services.store, self._renderer)
        info = self._renderer.info(model)
        return {
            "models": self._services.store.names(),
            "device": self._renderer.device_label,
            "model": {
                "name": model,
                "nz": info.nz,
                "image_size": info.image_size,
                "nimg": info.nimg,
                # where the pictures lay is nobody's business, what they were called is
                "data": info.data.partition("?")[0].rstrip("/").rpartition("/")[2].rpartition(":")[2],
                "preset": info.preset,
                "critic": info.has_discriminator,
                "nearest": self._services.nearest.state(model).fields(),
            },
            "face": face.fields(),
            "film": {"frames": settings.film_frames, "size": settings.film_size},
            "problems": problems,
        }

    async def models(self, request: Request) -> Response:
        return JSONResponse(await self._thread(self._services.store.names))

    async def latent(self, request: Request) -> Response:
        params = request.query_params
        face = schema.parse_face({"seed": params.get("seed", ""), "z": params.get("z")})
        z = await self._thread(self._renderer.latent, self._model(params), face)
        return JSONResponse({"z": [round(value, 4) for value in z.tolist()]})

    async def sheet(self, request: Request) -> Response:
        body = await read_json(request)
        model = self._model(body)
        cell = check_whole(body.get("cell", 48), "cell", 16, 256)
        off = parse_off(body.get("off"))
        z = await self._slowly(self._cells, model, body)
        columns = check_whole(body.get("columns", len(z)), "columns", 1, schema.FACES_ON_A_SHEET)
        if len(z) * cell * cell > LARGEST_SHEET:
            raise RequestError("A sheet may hold at most four million pixels; ask for smaller cells.")
        pictures: list[Tensor] = []
        for part in z.split(PIECE):
            if await request.is_disconnected():
                return Response(status_code=499)
            pictures.append(await self._slowly(self._renderer.render, model, part, off))
        content = await self._slowly(_encode_sheet, torch.cat(pictures), cell, columns)
        return Response(content, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    def _cells(self, model: str, body: Mapping[str, Any]) -> Tensor:
        """Latents [N, nz] of a sheet: moments of a path, places of a field, several faces, or one with edits."""
        if "moments" in body:
            path = schema.parse_path(body, schema.MAX_KEYFRAMES_ONLINE)
            count = check_whole(body["moments"], "moments", 2, schema.FACES_ON_A_SHEET)
            last = (count - 1) / count if path.loop else 1.0
            return path.at(self._renderer.latents(model, path.faces), torch.linspace(0.0, last, count))
        if "corners" in body:
            side = check_whole(body.get("side"), "side", 2, 8)
            y, x = torch.meshgrid(torch.linspace(0, 1, side), torch.linspace(0, 1, side), indexing="ij")
            field = schema.parse_field(body)
            return field.at(self._renderer.latents(model, field.corners), x.flatten(), y.flatten())
        if "faces" in body:
            return self._renderer.latents(model, schema.parse_faces(body["faces"], 1, schema.FACES_ON_A_SHEET))
        steps = [schema.Face(psi=0.0, edits=edits) for edits in schema.parse_variants(body)]
        return self._renderer.latent(model, schema.parse_face(body)) + self._renderer.latents(model, steps)

    async def score(self, request: Request) -> Response:
        return JSONResponse(await self._slowly(self._score, await read_json(request)))

    def _score(self, body: Mapping[str, Any]) -> dict[str, Any]:
        model = self._model(body)
        face = schema.parse_face(body)
        picture = self._renderer.render(model, self._renderer.latent(model, face)[None], face.off)[0]
        return self._critic.opinion(model, picture)


def _encode_sheet(pictures: Tensor, cell: int, columns: int) -> bytes:
    cells = [np.asarray(to_pil(picture, cell)) for picture in pictures]
    sheet = grid(torch.from_numpy(np.stack(cells)).permute(0, 3, 1, 2), columns, pad=0)
    return encode(Image.fromarray(to_hwc(sheet)), "jpeg", quality=88)
