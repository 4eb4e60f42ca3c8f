"""What a browser needs to draw a model's pictures itself.

GET dcgan/weights?model&version   the generator's file, without the name of its training data; cached by its fingerprint
GET dcgan/version?model           {"version"}: the fingerprint of the model's weights, which change while a run trains
GET dcgan/check?model             {"seeds", "pictures"}: some of the server's pictures, to compare with one's own
GET dcgan/axes?model&method       {"axes"}: the directions that a method finds
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dcgan import schema
from dcgan.checkpoint import bare_generator
from dcgan.schema import METHODS, one_of
from dcgan.web.generator.reference_pictures import reference_pictures
from dcgan.web.http import PREFIX, json_errors, json_route
from dcgan.web.services import Services

CHECKED_SEEDS = tuple(range(16))
FOR_A_YEAR = "private, max-age=31536000, immutable"


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes for drawing in the browser."""
    limiters = services.limiters

    async def weights(request: Request) -> Response:
        content, version = await limiters.sheets.run(_weights, services, request.query_params)
        # an address without the right version must not keep these weights for a later one
        keep = FOR_A_YEAR if request.query_params.get("version") == version else "no-store"
        return Response(content, media_type="application/octet-stream", headers={"Cache-Control": keep})

    return [
        Route(f"{PREFIX}/weights", json_errors(weights), methods=["GET"]),
        json_route("GET", "version", partial(version_fields, services), limiters.sheets),
        json_route("GET", "check", partial(check_fields, services), limiters.sheets),
        json_route("GET", "axes", partial(axes_fields, services), limiters.analyses),
    ]


def version_fields(services: Services, params: Mapping[str, str]) -> dict[str, Any]:
    """Return the fingerprint of a model's weights."""
    return {"version": services.renderer.catalog.fingerprint(schema.parse_model(params, services.store.names))}


def check_fields(services: Services, params: Mapping[str, str]) -> dict[str, Any]:
    """Return seeds and their pictures, uint8 [N, S, S, nc] as base64."""
    model = schema.parse_model(params, services.store.names)
    return reference_pictures(services.renderer, model, CHECKED_SEEDS)


def axes_fields(services: Services, params: Mapping[str, str]) -> dict[str, Any]:
    """Return a method's directions as lists of numbers."""
    model, method = schema.parse_model(params, services.store.names), one_of(params, "method", METHODS)
    axes = services.renderer.directions(model, method).axes
    return {"axes": [[round(value, 7) for value in axis] for axis in axes.tolist()]}


def _weights(services: Services, params: Mapping[str, str]) -> tuple[bytes, str]:
    """Return a generator's file and its fingerprint."""
    model = schema.parse_model(params, services.store.names)
    return bare_generator(services.store.generator_path(model)), services.renderer.catalog.fingerprint(model)
