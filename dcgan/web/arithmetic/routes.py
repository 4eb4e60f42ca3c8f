"""The route of latent arithmetic. It returns latents; the page requests the pictures separately.

POST dcgan/arithmetic  terms of faces → their sum, step by step
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.web.arithmetic.add_latents import add_latents, parse_terms
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the route of arithmetic."""
    return [json_route("POST", "arithmetic", partial(sum_fields, services), services.limiters.analyses)]


def sum_fields(services: Services, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add the terms of {"terms"}; see `add_latents`."""
    model = schema.parse_model(body, services.store.names)
    return add_latents(parse_terms(body.get("terms")), services.renderer, model)
