"""The route of the panel "Health".

GET dcgan/train/health?run&token   what goes wrong in a run, why, what helps, and the run that would do it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.routing import BaseRoute

from dcgan.schema import parse_run
from dcgan.web.health.health_fields import health_fields
from dcgan.web.http import json_route
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the route of the panel."""

    def health(params: Mapping[str, Any]) -> dict[str, Any]:
        wanted = parse_run(params)
        return health_fields(services.jobs, wanted.run, wanted.token)

    return [json_route("GET", "train/health", health, services.limiters.analyses)]
