"""My photo: one POST looks for the latent of a picture and reports its progress; disconnecting cancels it.

    POST dcgan/photo?model=…   a picture file as the body → lines of JSON: {"waiting", "place"} …, {"progress", "z"} …,
                               then {"z", "rmse", "start_rmse", "words"} or {"error"}

The picture is held in memory while its request lasts; it is written nowhere, not even to the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from torch import Tensor

from dcgan import schema
from dcgan.data.photo import check_bytes, describe_distance, read_photo
from dcgan.latent.inversion import Inversion
from dcgan.schema import encode_z
from dcgan.web.http import PREFIX, json_errors
from dcgan.web.services import Services
from dcgan.web.streaming import StreamedResponse, StreamedTask

FAILURE = "The server could not look for this picture; its log says why. Try another one."


def routes(services: Services) -> list[BaseRoute]:
    """The route that looks for a face."""

    async def find(request: Request) -> Response:
        model = schema.parse_model(request.query_params, services.store.names)
        content = await _read_body(request)
        picture = await services.limiters.decodes.run(_decode, services, model, content)
        return StreamedResponse("photo", services.limiters.photos, partial(_find, services, model, picture), FAILURE)

    return [Route(f"{PREFIX}/photo", json_errors(find), methods=["POST"])]


def inversion_fields(inversion: Inversion, photo: Tensor) -> dict[str, Any]:
    """The inversion of one photograph, uint8 [nc, S, S], as JSON."""
    rmse = float(inversion.rmse[0])
    return {
        "z": encode_z(inversion.z[0].tolist()),
        "rmse": round(rmse, 4),
        "start_rmse": round(float(inversion.start_rmse[0]), 4),
        "words": describe_distance(rmse, photo),
    }


def _find(services: Services, model: str, picture: Tensor, task: StreamedTask) -> Mapping[str, Any]:
    """Look for the latent of a uint8 picture [nc, S, S], and reports {"progress", "z"}: a share, the best so far."""

    def report(progress: float, z: Tensor) -> None:
        task.report(progress=round(progress, 3), z=encode_z(z.tolist()))

    task.report(progress=0.0, z="")
    found = services.renderer.invert(model, picture[None], on_progress=report, should_stop=task.cancelled)
    return inversion_fields(found, picture)


def _decode(services: Services, model: str, content: bytes) -> Tensor:
    info = services.renderer.info(model)
    return read_photo(content, info.image_size, info.nc)


async def _read_body(request: Request) -> bytes:
    """Return the request's bytes. Raises RequestError as soon as there are too many."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        check_bytes(len(content))
    return bytes(content)
