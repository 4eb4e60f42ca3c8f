"""Routes of directions: their shares, their labels, and directions fitted to examples.

GET  dcgan/directions?model&method   the share of all change along each (slow at the first request), and saved labels
POST dcgan/directions/save           names, locks and an order, or a taught direction, to be saved with the model
POST dcgan/teach                     seeds with a trait and seeds without it → a fitted direction and its accuracy

A server that others can reach saves no labels: "saved" is null there, and each visitor's browser keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.errors import RequestError
from dcgan.latent.fit_direction import MAX_EXAMPLES
from dcgan.schema import MAX_NZ, METHODS, encode_z, one_of, parse_edits
from dcgan.schema.direction_labels import (
    MAX_TAUGHT,
    DirectionLabels,
    labels_fields,
    parse_labels,
    parse_taught,
    taught_fields,
)
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of the direction sliders."""
    limiters = services.limiters
    return [
        json_route("GET", "directions", partial(direction_fields, services), limiters.analyses),
        json_route("POST", "directions/save", partial(save_labels, services), limiters.analyses),
        json_route("POST", "teach", partial(fit_fields, services), limiters.fits),
    ]


def direction_fields(services: Services, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return {"shares", "weights", "saved"} of a method's directions.

    "shares": the share of all change along each direction. "weights": the fingerprint of their generator. "saved": the
    model's labels and taught directions; None where the server is shared.
    """
    catalog = services.renderer.catalog
    model, method = schema.parse_model(params, services.store.names), one_of(params, "method", METHODS)
    shares = [round(float(share), 4) for share in catalog.get(model, method).share]
    saved = None if services.settings.shared else _saved_fields(catalog.labels(model))
    return {"shares": shares, "weights": catalog.fingerprint(model), "saved": saved}


def save_labels(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Save a change with a model: {"labels", "method"}, {"taught"}, {"remove"} or {"sort"}. Raises RequestError."""
    if services.settings.shared:
        raise RequestError("This server is shared, so names and taught sliders are kept in each visitor's browser.")
    catalog, model = services.renderer.catalog, schema.parse_model(body, services.store.names)
    services.renderer.info(model)  # raises when there is no such model
    if "labels" in body:
        catalog.set_labels(model, one_of(body, "method", METHODS), parse_labels(body["labels"]))
    elif "taught" in body:
        catalog.add_taught(model, parse_taught(body["taught"]))
    elif "remove" in body:
        catalog.remove_taught(model, _key(body["remove"]))
    else:
        keys = body.get("sort")
        if not isinstance(keys, list) or len(keys) > MAX_TAUGHT:
            raise RequestError("The request has nothing to save; send labels, taught, remove or sort.")
        catalog.sort_taught(model, [_key(key) for key in keys])
    return {}


def fit_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """Fit a direction to {"model", "has": seeds, "has_not": seeds, "locked": directions as in edits}."""
    model = schema.parse_model(body, services.store.names)
    has, has_not = (_seeds(body.get(name, []), name) for name in ("has", "has_not"))
    both = set(has) & set(has_not)
    if both:
        raise RequestError(f"Seed {min(both)} is in has and in has_not; leave it in one of them.")
    locked = body.get("locked") or []
    if not isinstance(locked, list) or not all(isinstance(one, Mapping) for one in locked):
        raise RequestError("locked must be a list of directions such as {'direction': 0, 'method': 'sefa'}.")
    fitted = services.renderer.fit_direction(model, has, has_not, parse_edits([{"amount": 1, **one} for one in locked]))
    return {
        "vector": encode_z(fitted.vector.tolist()),
        "accuracy": round(fitted.accuracy, 4),
        "has": fitted.has,
        "has_not": fitted.has_not,
        "sure": fitted.sure,
        "words": fitted.words,
    }


def _saved_fields(model_labels: DirectionLabels) -> dict[str, Any]:
    labels = {method: labels_fields(of_method) for method, of_method in model_labels.by_method.items()}
    return {"labels": labels, "taught": [taught_fields(one) for one in model_labels.taught]}


def _seeds(raw: object, name: str) -> list[int]:
    if not isinstance(raw, list) or len(raw) > MAX_EXAMPLES:
        raise RequestError(f"{name} must be a list of at most {MAX_EXAMPLES} seeds.")
    seeds = [schema.parse_face({"seed": seed}).seed for seed in raw]
    if len(set(seeds)) < len(seeds):
        raise RequestError(f"{name} has the same seed twice; list each once.")
    return seeds


def _key(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > 3 * MAX_NZ:
        raise RequestError("remove and sort take the vectors of taught directions as text.")
    return raw
