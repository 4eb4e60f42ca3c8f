"""The API endpoints for training. They share the runs, the limits and the tokens with the page."""

from __future__ import annotations

from typing import Any

from dcgan.schema import parse_run, parse_train
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services
from dcgan.web.train.form import DEFAULT_PRESET
from dcgan.web.train.run_status import run_status


def add_api(services: Services) -> None:
    """Add /train_start, /train_status, /train_resume, and an endpoint for each order to the Blocks being built."""
    jobs = services.jobs

    def train_start(
        data: str = "doodles", preset: str = DEFAULT_PRESET, overrides: dict[str, Any] | None = None
    ) -> dict[str, str]:
        """Start a training run, and return {"run": its id, "token": a token that may stop and resume it}.

        Args:
            data: a data set: doodles, npy:FOLDER, folder:PATH, zip:FILE, torchvision:NAME.
            preset: "tutorial", "quick", "recommended" or "refine".
            overrides: settings that differ, such as {"kimg": 20, "batch": 64, "ngf": 32}.
        """
        wanted = parse_train({"data": data, "preset": preset, "overrides": overrides})
        started = jobs.start(wanted.data, wanted.preset, wanted.overrides)
        return {"run": started.run, "token": started.token}

    def train_status(run: str = "", token: str = "") -> dict[str, Any]:
        """Return a run's status: state, nimg, total, losses, speed (pictures a second), eta (seconds left), and more.

        Args:
            run: the run's id; empty means the newest.
            token: the token that /train_start returned; without it, details of a visitor's own pictures are left out.
        """
        wanted = parse_run({"run": run, "token": token})
        return run_status(jobs, wanted.run, wanted.token)

    def train_stop(run: str, token: str = "") -> dict[str, Any]:
        """Tell a run to save and stop, wait for at most a minute, and return its status.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.order(wanted.run, "stop", wanted.token, wait=60.0)
        return run_status(jobs, wanted.run, wanted.token)

    def train_pause(run: str, token: str = "") -> dict[str, Any]:
        """Tell a run to save and pause, wait for at most a minute, and return its status. /train_resume goes on.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.order(wanted.run, "pause", wanted.token, wait=60.0)
        return run_status(jobs, wanted.run, wanted.token)

    def train_sample(run: str, token: str = "") -> dict[str, Any]:
        """Let a run draw its grid of 64 faces after its present step, and return its status at once.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.order(wanted.run, "sample", wanted.token)
        return run_status(jobs, wanted.run, wanted.token)

    def train_save(run: str, token: str = "") -> dict[str, Any]:
        """Let a run save its model and its training state after its present step, and return its status at once.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.order(wanted.run, "save", wanted.token)
        return run_status(jobs, wanted.run, wanted.token)

    def train_resume(run: str, token: str = "") -> dict[str, Any]:
        """Continue a run that was stopped, was paused or has crashed, and return its status.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.resume(wanted.run, wanted.token)
        return run_status(jobs, wanted.run, wanted.token)

    add_endpoint(train_start, services.limiters.trainings)
    add_endpoint(train_resume, services.limiters.trainings)
    add_endpoint(train_status, services.limiters.analyses)
    for order in (train_stop, train_pause, train_sample, train_save):
        add_endpoint(order, services.limiters.analyses)
