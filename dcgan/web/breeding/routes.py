"""The route of breeding. It returns latents; the page requests the pictures separately.

POST dcgan/breed  two faces → nine children
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.latent.breeding import breed
from dcgan.schema import check_number, check_seed, encode_z
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the route of breeding."""
    return [json_route("POST", "breed", partial(child_fields, services), services.limiters.analyses)]


def child_fields(services: Services, body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Breed {"parents": two faces, "wildness": 0 … 1, "seed"} → {"children": nine latents as text}."""
    model = schema.parse_model(body, services.store.names)
    a, b = services.renderer.latents(model, schema.parse_faces(body.get("parents"), 2, 2))
    wildness = check_number(body.get("wildness", 0.2), "wildness", 0.0, 1.0)
    return {"children": [encode_z(z.tolist()) for z in breed(a, b, wildness, check_seed(body.get("seed", 0)))]}
