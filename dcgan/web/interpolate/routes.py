"""Films on demand: one POST makes a film and tells how far it is, line by line; hanging up cancels it.

    POST   dcgan/film          → lines of JSON: {"done", "total", "left"} …, then {"film", "bytes"} or {"error"}
    POST   dcgan/film/estimate → {"frames", "seconds", "bytes"} that this film would take
    GET    dcgan/film/<name>   the film; `?download=1` as an attachment

The progress is the answer itself, so there is no list of jobs to keep, poll or forget: a page that is closed stops its
film. A finished film lies in a temporary folder under an unguessable name and is deleted after an hour.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from dcgan.engine.video import FORMATS, write_film
from dcgan.errors import DCGANError
from dcgan.images import Array
from dcgan.web.interpolate.film_request import Film, estimate, read_film
from dcgan.web.pictures.routes import PREFIX, answer, log, read_json
from dcgan.web.services import Services

KEPT = 3600.0  # seconds
TICK = 0.15  # seconds between two lines of progress


def film_routes(services: Services) -> list[BaseRoute]:
    """Routes that make and hand out films."""
    studio = _Studio(services)
    return [
        Route(f"{PREFIX}/film", answer(studio.make), methods=["POST"]),
        Route(f"{PREFIX}/film/estimate", answer(studio.estimate), methods=["POST"]),
        Route(f"{PREFIX}/film/{{name}}", answer(studio.show), methods=["GET"]),
    ]


class _Cancelled(Exception):
    """Nobody waits for this film any more."""


class _Job:
    """A film in the making, on its own thread."""

    def __init__(self, film: Film, services: Services, path: Path) -> None:
        self.film, self.path = film, path
        self.done, self.error = 0, ""
        self.stop = threading.Event()
        self.finished = threading.Event()
        self._services = services

    def run(self) -> None:
        try:
            write_film(self._frames(), self.path, self.film.spec.fps, self.film.format)
            last_hour = threading.Timer(KEPT, self.path.unlink, kwargs={"missing_ok": True})
            last_hour.daemon = True  # the folder goes with the process: nobody has to wait for the hour
            last_hour.start()
        except _Cancelled:
            self.error = "The film was cancelled."
        except DCGANError as error:
            self.error = str(error)
        except Exception:
            log.exception("a film failed")
            self.error = "The server could not make this film; its log says why. Try a shorter one or another format."
        finally:
            self.finished.set()

    def _frames(self) -> Iterator[Array]:
        for frame in self.film.frames(self._services.renderer):
            if self.stop.is_set():
                raise _Cancelled
            yield frame
            self.done += 1


class _Studio:
    """Makes a few films at a time; the others wait their turn."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._folder = tempfile.TemporaryDirectory(prefix="dcgan-films-")
        self._guesses = CapacityLimiter(1)
        self._turn = asyncio.Semaphore(services.settings.films_at_once)

    async def estimate(self, request: Request) -> Response:
        film = read_film(await read_json(request), self._services)
        guess = await to_thread.run_sync(estimate, film, self._services.renderer, limiter=self._guesses)
        return JSONResponse(guess)

    async def make(self, request: Request) -> Response:
        film = read_film(await read_json(request), self._services)
        path = Path(self._folder.name) / f"{secrets.token_urlsafe(16)}.{film.format}"
        lines = self._lines(_Job(film, self._services, path))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)

    async def _lines(self, job: _Job) -> AsyncIterator[str]:
        """Progress as JSON lines. Ends the film when the reader has gone."""
        try:
            while self._turn.locked():
                yield line(waiting=True)
                with suppress(TimeoutError, asyncio.TimeoutError):
                    await asyncio.wait_for(self._turn.acquire(), 1.0)
                    self._turn.release()
            async with self._turn:
                started = time.monotonic()
                threading.Thread(target=job.run, name="film", daemon=True).start()
                while not job.finished.is_set():
                    took = time.monotonic() - started
                    left = took / job.done * (job.film.spec.count - job.done) if job.done else None
                    yield line(done=job.done, total=job.film.spec.count, left=left)
                    await asyncio.sleep(TICK)
            if job.error:
                yield line(error=job.error)
                return
            address = f"{PREFIX[1:]}/film/{job.path.name}"
            took = time.monotonic() - started
            yield line(film=address, bytes=job.path.stat().st_size, frames=job.done, seconds=took)
        finally:
            job.stop.set()

    async def show(self, request: Request) -> Response:
        path = Path(self._folder.name) / Path(request.path_params["name"]).name
        fmt = path.suffix[1:]
        if fmt not in FORMATS or not path.is_file():
            sentence = "This film is gone: films are kept for an hour. Make it again."
            return JSONResponse({"error": sentence}, status_code=404)
        name = f"dcgan-walk.{fmt}" if "download" in request.query_params else None
        return FileResponse(path, media_type=FORMATS[fmt].mime, filename=name)


def line(**fields: object) -> str:
    """One line of JSON, of an answer that tells how far it is."""
    return json.dumps(fields) + "\n"
