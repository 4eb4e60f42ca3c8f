"""Opening the page, and D's opinion of a face.

GET  dcgan/open?<link>   the models, the chosen one's facts, the face that the link names
GET  dcgan/models        the models' names
POST dcgan/score         how real a face looks to the model's own discriminator
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.web.explore.links import open_link
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Routes for the Explore tab."""
    limits = services.limits
    return [
        json_route("GET", "open", partial(open_fields, services), limits.sheets),
        json_route("GET", "models", lambda fields: services.store.names(), limits.pictures),
        json_route("POST", "score", partial(score_fields, services), limits.sheets),
    ]


def open_fields(services: Services, params: Mapping[str, str]) -> dict[str, Any]:
    """What a link opens: models, the chosen one's facts, the face, and a sentence for each part that was not usable."""
    settings = services.settings
    model, face, problems = open_link(params, services.store, services.renderer)
    info = services.renderer.info(model)
    return {
        "models": services.store.names(),
        "device": services.renderer.device_label,
        "model": {
            "name": model,
            "nz": info.nz,
            "image_size": info.image_size,
            "nimg": info.nimg,
            "data": _data_name(services, info.data),
            "preset": info.preset,
            "critic": info.has_discriminator,
            "nearest": services.nearest.state(model).fields(),
        },
        "face": face.fields(),
        "film": {"frames": settings.film_frames, "size": settings.film_size},
        "problems": problems,
    }


def score_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """See `Critic.opinion`; {} when the model has no discriminator."""
    model = schema.parse_model(body, services.store.names)
    face = schema.parse_face(body)
    picture = services.renderer.render(model, services.renderer.latent(model, face)[None], face.off)[0]
    return services.critic.opinion(model, picture)


def _data_name(services: Services, spec: str) -> str:
    """What a model's data set is called, without the folder it lies in; "" for pictures that a visitor uploaded."""
    if services.jobs.uploads.holds(spec):
        return ""
    return spec.partition("?")[0].rstrip("/").rpartition("/")[2].rpartition(":")[2]
