"""Routes of the Interpolate tab. One POST makes a film and reports progress line by line; disconnecting cancels it.

    POST   dcgan/film          → lines of JSON: {"waiting", "place"} …, {"done", "total", "left"} …, then
                                 {"film", "bytes", "frames", "seconds"} or {"error"}
    POST   dcgan/film/estimate → {"frames", "seconds", "bytes"} that are expected of this film
    GET    dcgan/film/<name>   the film; `?download=1` as an attachment

A finished film is kept in a temporary folder under a name that cannot be guessed, and is deleted after an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dcgan.engine.film_formats import FORMATS
from dcgan.web.http import PREFIX, json_errors, json_route, read_json
from dcgan.web.interpolate.film_files import find_film, make_film
from dcgan.web.interpolate.film_request import estimate, read_film
from dcgan.web.services import Services
from dcgan.web.streaming import StreamedResponse
from dcgan.web.temporary_files import TemporaryFiles

FAILURE = "The server could not make this film; its log says why. Try a shorter one or another format."


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of the Interpolate tab."""
    limiters, files = services.limiters, TemporaryFiles("dcgan-films-")

    async def make(request: Request) -> Response:
        film = await limiters.pictures.run(read_film, await read_json(request), services)
        return StreamedResponse("film", limiters.films, partial(make_film, film, services.renderer, files), FAILURE)

    async def show(request: Request) -> Response:
        path = find_film(files, request.path_params["name"])
        if path is None:
            sentence = "This film no longer exists: films are kept for an hour. Make it again."
            return JSONResponse({"error": sentence}, status_code=404)
        fmt = path.suffix[1:]
        name = f"dcgan-walk.{fmt}" if "download" in request.query_params else None
        return FileResponse(path, media_type=FORMATS[fmt].mime, filename=name)

    return [
        Route(f"{PREFIX}/film", json_errors(make), methods=["POST"]),
        json_route("POST", "film/estimate", partial(estimate_fields, services), limiters.estimates),
        Route(f"{PREFIX}/film/{{name}}", json_errors(show), methods=["GET"]),
    ]


def estimate_fields(services: Services, body: Mapping[str, Any]) -> dict[str, float]:
    """Estimate a film; see `film_request.estimate`."""
    return estimate(read_film(body, services), services.renderer)
