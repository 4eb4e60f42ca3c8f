"""Routes of a run's time-lapse. One POST makes the film and reports progress line by line; disconnecting cancels it.

    POST dcgan/train/timelapse        {"run", "face", "format"} → lines of JSON, as those of dcgan/film
    GET  dcgan/train/timelapse/<name> the film; `?download=NAME` as an attachment

A finished film is kept in a temporary folder under a name that cannot be guessed, and is deleted after an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dcgan.engine.film_formats import FORMATS
from dcgan.engine.timelapse import GRIDS_PER_SECOND
from dcgan.jobs.uploads import clean_name
from dcgan.web.http import PREFIX, json_errors, read_json
from dcgan.web.interpolate.film_files import find_film, write_with_progress
from dcgan.web.services import Services
from dcgan.web.streaming import StreamedResponse, StreamedTask
from dcgan.web.temporary_files import TemporaryFiles
from dcgan.web.timelapse.request import Timelapse, read_timelapse

ROUTE = "train/timelapse"
FAILURE = "The server could not make this film; its log says why. Try another format."
GONE = "This film no longer exists: films are kept for an hour. Make it again."


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of the time-lapse."""
    files = TemporaryFiles("dcgan-timelapses-")

    async def make(request: Request) -> Response:
        film = await services.limiters.analyses.run(read_timelapse, await read_json(request), services)
        return StreamedResponse("time-lapse", services.limiters.films, partial(_make, film, files), FAILURE)

    async def show(request: Request) -> Response:
        path = await to_thread.run_sync(find_film, files, request.path_params["name"])
        if path is None:
            return JSONResponse({"error": GONE}, status_code=404)
        name = request.query_params.get("download")
        saved = clean_name(name) if name else None
        return FileResponse(path, media_type=FORMATS[path.suffix[1:]].mime, filename=saved)

    return [
        Route(f"{PREFIX}/{ROUTE}", json_errors(make), methods=["POST"]),
        Route(f"{PREFIX}/{ROUTE}/{{name}}", json_errors(show), methods=["GET"]),
    ]


def _make(film: Timelapse, files: TemporaryFiles, task: StreamedTask) -> Mapping[str, Any]:
    made = write_with_progress(film.frames(), film.count, GRIDS_PER_SECOND, film.format, ROUTE, files, task)
    return {**made, "name": film.file_name}
