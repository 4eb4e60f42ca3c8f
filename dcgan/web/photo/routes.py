"""My photo: one POST looks for the latent of a picture and tells how far it is, line by line; hanging up cancels.

    POST dcgan/photo?model=…   a picture file as the body → lines of JSON: {"progress", "z"} …, then
                               {"z", "rmse", "start_rmse", "words"} or {"error"}

The picture is held in memory while its request lasts; it is written nowhere, not even to the log.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from torch import Tensor

from dcgan import schema
from dcgan.data.photo import check_bytes, in_words, read_photo
from dcgan.errors import DCGANError, RequestError
from dcgan.latent.inversion import Inversion
from dcgan.schema import encode_z
from dcgan.web.interpolate.routes import TICK, line
from dcgan.web.pictures.routes import PREFIX, answer, log
from dcgan.web.services import Services


def photo_routes(services: Services) -> list[BaseRoute]:
    """The route that looks for faces."""
    return [Route(f"{PREFIX}/photo", answer(_Finder(services).find), methods=["POST"])]


def found_fields(inversion: Inversion) -> dict[str, Any]:
    """The first picture's inversion as JSON."""
    rmse = float(inversion.rmse[0])
    return {
        "z": encode_z(inversion.z[0].tolist()),
        "rmse": round(rmse, 4),
        "start_rmse": round(float(inversion.start_rmse[0]), 4),
        "words": in_words(rmse),
    }


async def read_body(request: Request) -> bytes:
    """The request's bytes. Raises RequestError as soon as there are too many."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        check_bytes(len(content))
    return bytes(content)


class _Job:
    """A search, on its own thread, which waits while the renderer's workers compute."""

    def __init__(self, services: Services, model: str, picture: Tensor) -> None:
        self.progress, self.z = 0.0, ""
        self.result: dict[str, Any] = {}
        self.stop = threading.Event()
        self.finished = threading.Event()
        self._services, self._model, self._picture = services, model, picture

    def run(self) -> None:
        try:
            found = self._services.renderer.invert(
                self._model, self._picture[None], report=self._report, should_stop=self.stop.is_set
            )
            self.result = found_fields(found)
        except DCGANError as error:
            self.result = {"error": str(error)}
        except Exception:
            log.exception("looking for a face failed")
            self.result = {"error": "The server could not look for this picture; its log says why. Try another one."}
        finally:
            self.finished.set()

    def _report(self, progress: float, z: Tensor) -> None:
        self.progress, self.z = progress, encode_z(z.tolist())


class _Finder:
    """Looks for a few faces at a time; the others wait their turn."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turn = asyncio.Semaphore(services.settings.films_at_once)

    async def find(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise RequestError("This request comes from another site's page; open this page itself.")
        model = schema.parse_model(request.query_params, self._services.store.names)
        content = await read_body(request)
        job = await asyncio.to_thread(self._job, model, content)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._lines(job), media_type="application/x-ndjson", headers=headers)

    def _job(self, model: str, content: bytes) -> _Job:
        info = self._services.renderer.info(model)
        return _Job(self._services, model, read_photo(content, info.image_size, info.nc))

    async def _lines(self, job: _Job) -> AsyncIterator[str]:
        """Progress as JSON lines. Ends the search when the reader has gone."""
        try:
            while self._turn.locked():
                yield line(waiting=True)
                with suppress(TimeoutError, asyncio.TimeoutError):
                    await asyncio.wait_for(self._turn.acquire(), 1.0)
                    self._turn.release()
            async with self._turn:
                threading.Thread(target=job.run, name="photo", daemon=True).start()
                while not job.finished.is_set():
                    yield line(progress=round(job.progress, 3), z=job.z)
                    await asyncio.sleep(TICK)
            yield line(**job.result)
        finally:
            job.stop.set()
