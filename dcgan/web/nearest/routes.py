"""The nearest training pictures, for the page.

    POST dcgan/nearest        a face → {"state": "ready", "distance", "closer", "usual", "own", "words", "count",
                              "note", "pictures"}, or {"state": "making" | "could" | "none", "doing", "progress",
                              "error"}
    POST dcgan/nearest/make   {"model"} → begins to make an index, and answers with the state

With "show": true a face that is ready brings "sheet", a PNG of the three nearest as data URL, where they are at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.images import grid, to_pil
from dcgan.metrics.nearest import Verdict
from dcgan.schema import flag
from dcgan.web.http import data_url, json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """The two routes."""
    limits = services.limits
    return [
        json_route("POST", "nearest", partial(_nearest_fields, services), limits.analyses),
        json_route("POST", "nearest/make", partial(begin_index, services), limits.analyses),
    ]


def begin_index(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Begins to make a model's index, unless there is one; returns the state. Raises RequestError."""
    return services.nearest.begin(schema.parse_model(body, services.store.names)).fields()


def verdict_fields(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON."""
    return {
        "distance": round(verdict.distance, 3),
        "closer": round(verdict.closer, 3),
        "usual": [round(value, 3) for value in verdict.usual],
        "own": verdict.own and [round(value, 3) for value in verdict.own],
        "words": verdict.words,
    }


def _nearest_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
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
