"""The nearest training pictures, for the page.

    POST dcgan/nearest        a face → {"state": "ready", "distance", "closer", "usual", "own", "words", "count",
                              "note", "pictures"}, or {"state": "making" | "could" | "none", "doing", "progress",
                              "error"}
    POST dcgan/nearest/make   {"model"} → begins to make an index, and answers with the state

With "show": true a face that is ready brings "sheet", a PNG of the three nearest as data URL, where they are at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dcgan import schema
from dcgan.errors import RequestError
from dcgan.images import grid, to_pil
from dcgan.metrics.nearest import Verdict
from dcgan.schema import flag
from dcgan.web.inside.routes import data_url
from dcgan.web.pictures.routes import PREFIX, THREADS, answer, read_json
from dcgan.web.services import Services


def nearest_routes(services: Services) -> list[BaseRoute]:
    """The two routes."""
    threads = CapacityLimiter(THREADS)  # of their own: pictures never wait behind them

    async def nearest(request: Request) -> Response:
        body = await read_json(request)
        return JSONResponse(await to_thread.run_sync(_look, services, body, limiter=threads))

    async def make(request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise RequestError("This request comes from another site's page; open this page itself.")
        model = schema.parse_model(await read_json(request), services.store.names)
        state = await to_thread.run_sync(services.nearest.begin, model, limiter=threads)
        return JSONResponse(state.fields())

    return [
        Route(f"{PREFIX}/nearest", answer(nearest), methods=["POST"]),
        Route(f"{PREFIX}/nearest/make", answer(make), methods=["POST"]),
    ]


def verdict_fields(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON."""
    return {
        "distance": round(verdict.distance, 3),
        "closer": round(verdict.closer, 3),
        "usual": [round(value, 3) for value in verdict.usual],
        "own": verdict.own and [round(value, 3) for value in verdict.own],
        "words": verdict.words,
    }


def _look(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    model, face, show = schema.parse_model(body, services.store.names), schema.parse_face(body), flag(body, "show")
    state = services.nearest.state(model)
    if state.state != "ready":
        return state.fields()
    picture = services.renderer.render(model, services.renderer.latent(model, face)[None], face.off)[0]
    verdict, places, index = services.nearest.look(model, picture)
    fields = {**state.fields(), **verdict_fields(verdict), "count": index.about.count, "note": index.about.note}
    if show and state.pictures:
        pictures = services.nearest.pictures(model, places, index)
        if pictures is not None:
            fields["sheet"] = data_url(to_pil(grid(pictures, len(pictures), pad=0)))
    return fields
