"""Training as named endpoints: the same supervisor, limits and tokens as the page's."""

from __future__ import annotations

from typing import Any

from dcgan.errors import RequestError
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services
from dcgan.web.train.form import DEFAULT_PRESET, paced
from dcgan.web.train.view import status_of


def add_api(services: Services) -> None:
    """Adds /train_start, /train_status, /train_stop and /train_resume to the Blocks being built."""
    jobs = services.jobs

    def train_start(
        data: str = "doodles", preset: str = DEFAULT_PRESET, overrides: dict[str, Any] | None = None
    ) -> dict[str, str]:
        """Starts a training run → {"run": its id, "token": what may stop and resume it}.

        Args:
            data: a data set: doodles, npy:FOLDER, folder:PATH, zip:FILE, torchvision:NAME.
            preset: "tutorial", "quick", "recommended" or "refine".
            overrides: settings that differ, such as {"kimg": 20, "batch": 64, "ngf": 32}.
        """
        if overrides is not None and not isinstance(overrides, dict):
            raise RequestError("overrides must be an object of settings, such as {'batch': 64}.")
        started = jobs.start(data, preset, paced(preset, overrides or {}))
        return {"run": started.run, "token": started.token}

    def train_status(run: str = "") -> dict[str, Any]:
        """A run's state: state, nimg, total, losses, speed (pictures a second), eta (seconds left), and more.

        Args:
            run: its id; empty takes the newest.
        """
        return status_of(jobs, run)

    def train_stop(run: str, token: str = "") -> dict[str, Any]:
        """Lets a run save and stop, and waits for it, a minute at most → its state.

        Args:
            run: its id.
            token: what /train_start answered.
        """
        jobs.stop(run, token, wait=60.0)
        return status_of(jobs, run)

    def train_resume(run: str, token: str = "") -> dict[str, Any]:
        """Goes on with a run that was stopped or broken off → its state.

        Args:
            run: its id.
            token: what /train_start answered.
        """
        jobs.resume(run, token)
        return status_of(jobs, run)

    add_endpoint(train_start, services.limits.trainings)
    add_endpoint(train_resume, services.limits.trainings)
    add_endpoint(train_status, services.limits.analyses)
    add_endpoint(train_stop, services.limits.analyses)
