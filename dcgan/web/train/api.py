"""Training as named endpoints: the same supervisor, limits and tokens as the page's."""

from __future__ import annotations

from typing import Any

from gradio.events import api

from dcgan.schema import parse_train
from dcgan.web.pictures.api import spoken
from dcgan.web.services import Services
from dcgan.web.train.form import DEFAULT_PRESET, paced
from dcgan.web.train.view import status_of


def add_train_api(services: Services) -> None:
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
        wanted = parse_train({"data": data, "preset": preset, "overrides": overrides})
        started = jobs.start(wanted.data, wanted.preset, paced(wanted.preset, wanted.overrides))
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

    for function in (train_start, train_status, train_stop, train_resume):
        api(spoken(function), api_name=function.__name__)
