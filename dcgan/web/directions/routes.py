"""Directions of the latent space, their names, and directions fitted to examples.

GET  dcgan/directions?model&method   how much of all change lies along each (slow when asked first), and what is kept
POST dcgan/notes                     names, locks and order, or a taught direction, to be kept with the model
POST dcgan/teach                     seeds that have a trait and seeds that have not → a direction, and how good it is

Where others can reach the page nothing of a visitor's is kept here: "notes" is null, and the browser keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.engine.direction_labels import (
    MAX_TAUGHT,
    DirectionLabels,
    labels_fields,
    parse_labels,
    parse_taught,
    taught_fields,
)
from dcgan.errors import RequestError
from dcgan.latent.fit_direction import MAX_EXAMPLES
from dcgan.schema import MAX_NZ, METHODS, encode_z, one_of, parse_edits
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Routes for the sliders of Explore."""
    limits = services.limits
    return [
        json_route("GET", "directions", partial(direction_fields, services), limits.analyses),
        json_route("POST", "notes", partial(keep_notes, services), limits.analyses),
        json_route("POST", "teach", partial(fit_fields, services), limits.fits),
    ]


def direction_fields(services: Services, params: Mapping[str, Any]) -> dict[str, Any]:
    """{"shares", "weights", "notes"}: how much of all change lies along each direction, and the names that are kept.

    "weights" is the fingerprint of the generator they hold for; "notes" is None where the machine is shared.
    """
    catalog = services.renderer.catalog
    model, method = schema.parse_model(params, services.store.names), one_of(params, "method", METHODS)
    shares = [round(float(share), 4) for share in catalog.get(model, method).share]
    notes = None if services.settings.shared else _notes_fields(catalog.labels(model))
    return {"shares": shares, "weights": catalog.fingerprint(model), "notes": notes}


def keep_notes(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Keeps {"labels", "method"}, {"taught"}, {"forget"} or {"arrange"} with a model. Raises RequestError."""
    if services.settings.shared:
        raise RequestError("This machine is shared, so names and taught sliders are kept in each visitor's browser.")
    catalog, model = services.renderer.catalog, schema.parse_model(body, services.store.names)
    services.renderer.info(model)  # raises when there is no such model
    if "labels" in body:
        catalog.set_labels(model, one_of(body, "method", METHODS), parse_labels(body["labels"]))
    elif "taught" in body:
        catalog.add_taught(model, parse_taught(body["taught"]))
    elif "forget" in body:
        catalog.remove_taught(model, _key(body["forget"]))
    else:
        keys = body.get("arrange")
        if not isinstance(keys, list) or len(keys) > MAX_TAUGHT:
            raise RequestError("Nothing is to be kept: send labels, taught, forget or arrange.")
        catalog.sort_taught(model, [_key(key) for key in keys])
    return {}


def fit_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """{"model", "has", "has_not": seeds, "locked": directions as in edits} → the direction, and how good it is."""
    model = schema.parse_model(body, services.store.names)
    has, has_not = (_seeds(body.get(name, []), name) for name in ("has", "has_not"))
    twice = set(has) & set(has_not)
    if twice:
        raise RequestError(f"Seed {min(twice)} is among those that have it and among those that have not; choose one.")
    locked = body.get("locked") or []
    if not isinstance(locked, list) or not all(isinstance(one, Mapping) for one in locked):
        raise RequestError("locked must be a list of directions such as {'direction': 0, 'method': 'sefa'}.")
    lesson = services.renderer.fit_direction(model, has, has_not, parse_edits([{"amount": 1, **one} for one in locked]))
    return {
        "vector": encode_z(lesson.vector.tolist()),
        "accuracy": round(lesson.accuracy, 4),
        "has": lesson.has,
        "has_not": lesson.has_not,
        "sure": lesson.sure,
        "words": lesson.words,
    }


def _notes_fields(model_labels: DirectionLabels) -> dict[str, Any]:
    labels = {method: labels_fields(of_method) for method, of_method in model_labels.by_method.items()}
    return {"labels": labels, "taught": [taught_fields(one) for one in model_labels.taught]}


def _seeds(raw: object, name: str) -> list[int]:
    if not isinstance(raw, list) or len(raw) > MAX_EXAMPLES:
        raise RequestError(f"{name} must be a list of at most {MAX_EXAMPLES} seeds.")
    seeds = [schema.parse_face({"seed": seed}).seed for seed in raw]
    if len(set(seeds)) < len(seeds):
        raise RequestError(f"{name} names a seed twice.")
    return seeds


def _key(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > 3 * MAX_NZ:
        raise RequestError("A taught direction is named by its vector's text.")
    return raw
