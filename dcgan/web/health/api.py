"""The API endpoint /train_health."""

from __future__ import annotations

from typing import Any

from dcgan.schema import parse_run
from dcgan.web.health.health_fields import health_fields
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def train_health(run: str = "", token: str = "") -> dict[str, Any]:
        """What goes wrong in a training run, in words.

        Args:
            run: the run's id; empty means the newest.
            token: the token that /train_start returned; without it no alarm says how to start the next run.

        Returns:
            verdict ("balanced", "early" or "alarmed") and alarms, gravest first: each has a level ("note", "warning" or
            "stop"), the sentences seen, why and helps, an action ("lower_rates", "raise_augmentation", "stop_keep_best"
            or empty), and in start the data, preset and overrides for /train_start that do it, or null.
        """
        wanted = parse_run({"run": run, "token": token})
        return health_fields(services.jobs, wanted.run, wanted.token)

    add_endpoint(train_health, services.limiters.analyses)
