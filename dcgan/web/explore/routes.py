"""Routes of the Explore tab: opening a link, the list of models, the newest model of a run, D's score of a face.

GET  dcgan/open?<link>   all models, the settings of the link's model, the link's face
GET  dcgan/models        the models' names
GET  dcgan/newest?model  the newest model of a run, and whether the run trains
POST dcgan/score         how real a face looks to the model's discriminator
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.errors import CheckpointError
from dcgan.jobs.runs import is_alive
from dcgan.store import run_of
from dcgan.web.explore.links import open_link
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of the Explore tab."""
    limiters = services.limiters
    return [
        json_route("GET", "open", partial(open_fields, services), limiters.sheets),
        json_route("GET", "models", lambda fields: services.store.names(), limiters.pictures),
        json_route("GET", "newest", partial(newest_fields, services), limiters.pictures),
        json_route("POST", "score", partial(score_fields, services), limiters.sheets),
    ]


def open_fields(services: Services, params: Mapping[str, str]) -> dict[str, Any]:
    """Open a link: all models, the settings of its model, its face, and a sentence for each unusable part."""
    settings = services.settings
    model, face, problems = open_link(params, services.store, services.renderer)
    info = services.renderer.info(model)
    return {
        "models": services.store.names(),
        "device": services.renderer.device_label,
        "model": {
            "name": model,
            "newest_of": _newest_of(services, model),
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


def newest_fields(services: Services, params: Mapping[str, str]) -> dict[str, Any]:
    """Return what there is of the run of a model "run:<id>" or "run:<id>@<nimg>".

    "newest": the pictures seen by its newest model, or None. "kept": whether the named model is still there.
    "training": whether the run goes on.
    """
    model = schema.parse_model(params, services.store.names)
    run = run_of(model)
    try:
        kept = services.store.generator_path(model).is_file()
    except CheckpointError:
        kept = False
    return {
        "newest": services.store.newest_moment(model),
        "kept": kept,
        "training": bool(run) and is_alive(services.store.runs / run),
    }


def _newest_of(services: Services, model: str) -> str:
    """Return "run:<id>" if a model is the newest one of that run, else ""."""
    run = f"run:{run_of(model)}"
    return run if services.store.pinned(run) == model else ""


def score_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Score a face; see `Critic.score`."""
    model = schema.parse_model(body, services.store.names)
    face = schema.parse_face(body)
    picture = services.renderer.render(model, services.renderer.latent(model, face)[None], face.off)[0]
    return services.critic.score(model, picture)


def _data_name(services: Services, spec: str) -> str:
    """Return the name of a model's data set without its folder; "" for pictures that a visitor uploaded."""
    if services.jobs.uploads.holds(spec):
        return ""
    return spec.partition("?")[0].rstrip("/").rpartition("/")[2].rpartition(":")[2]
