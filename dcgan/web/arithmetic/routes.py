"""Routes of latent arithmetic and breeding. They return latents; the page requests the pictures separately.

POST dcgan/arithmetic  terms of faces → their sum, step by step
POST dcgan/breed       two faces → nine children
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.latent.breeding import breed
from dcgan.schema import check_number, check_seed, encode_z
from dcgan.web.arithmetic.add_latents import add_latents, parse_terms
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of arithmetic and breeding."""
    limits = services.limits
    return [
        json_route("POST", "arithmetic", partial(sum_fields, services), limits.analyses),
        json_route("POST", "breed", partial(child_fields, services), limits.analyses),
    ]


def sum_fields(services: Services, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add the terms of {"terms"}; see `add_latents`."""
    model = schema.parse_model(body, services.store.names)
    return add_latents(parse_terms(body.get("terms")), services.renderer, model)


def child_fields(services: Services, body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Breed {"parents": two faces, "wildness": 0 … 1, "seed"} → {"children": nine latents as text}."""
    model = schema.parse_model(body, services.store.names)
    a, b = services.renderer.latents(model, schema.parse_faces(body.get("parents"), 2, 2))
    wildness = check_number(body.get("wildness", 0.2), "wildness", 0.0, 1.0)
    return {"children": [encode_z(z.tolist()) for z in breed(a, b, wildness, check_seed(body.get("seed", 0)))]}
