"""Routes of the panel that compares a face with its nearest training pictures.

    POST dcgan/nearest        a face → {"state": "ready", "distance", "closer", "usual", "own", "words", "count",
                              "note", "pictures"}, or {"state": "indexing" | "available" | "unavailable", "doing",
                              "progress", "error"}
    POST dcgan/nearest/make   {"model"} → starts making an index, and answers with its state

With "show": true the answer also has "sheet", a PNG of the three nearest pictures as a data URL, where they can be
shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.images import grid, to_pil
from dcgan.metrics.nearest import RankedDistance
from dcgan.schema import flag
from dcgan.web.http import data_url, json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the two routes of the panel."""
    limiters = services.limiters
    return [
        json_route("POST", "nearest", partial(_nearest_fields, services), limiters.analyses),
        json_route("POST", "nearest/make", partial(start_indexing, services), limiters.analyses),
    ]


def start_indexing(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Start making a model's index unless there is one; return its state. Raises RequestError."""
    return services.nearest.start_indexing(schema.parse_model(body, services.store.names)).fields()


def distance_fields(ranked: RankedDistance) -> dict[str, Any]:
    """Return a distance and its rank as JSON, rounded."""
    return {
        "distance": round(ranked.distance, 3),
        "closer": round(ranked.closer, 3),
        "usual": [round(value, 3) for value in ranked.usual],
        "own": ranked.own and [round(value, 3) for value in ranked.own],
        "words": ranked.words,
    }


def _nearest_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    model, face, show = schema.parse_model(body, services.store.names), schema.parse_face(body), flag(body, "show")
    state = services.nearest.state(model)
    if state.state != "ready":
        return state.fields()
    picture = services.renderer.render(model, services.renderer.latent(model, face)[None], face.off)[0]
    ranked, places, index = services.nearest.find(model, picture)
    fields = {**state.fields(), **distance_fields(ranked), "count": index.about.count, "note": index.about.note}
    if show and state.pictures:
        pictures = services.nearest.pictures(model, places, index)
        if pictures is not None:
            fields["sheet"] = data_url(to_pil(grid(pictures, len(pictures), pad=0)))
    return fields
