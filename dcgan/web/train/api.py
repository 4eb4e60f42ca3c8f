"""The API endpoints for training. They share the runs, the limits and the tokens with the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dcgan.schema import parse_move, parse_run, parse_train
from dcgan.web.named_api import add_endpoint, caller_address
from dcgan.web.services import Services
from dcgan.web.train.form import DEFAULT_PRESET
from dcgan.web.train.run_progress import run_status

STOPS_WITHIN = 60.0  # seconds that an answer waits for a run to end


def add_api(services: Services) -> None:
    """Add the endpoints that start, watch, order, resume and queue runs to the Blocks being built."""
    jobs = services.jobs

    def train_start(
        data: str = "doodles", preset: str = DEFAULT_PRESET, overrides: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Start a training run, which waits in the queue while another one trains.

        Returns {"run": its id, "token": a token that may control it, "place": its place in the queue, 0 if it trains}.

        Args:
            data: a data set: doodles, npy:FOLDER, folder:PATH, zip:FILE, torchvision:NAME.
            preset: "tutorial", "quick", "recommended" or "refine".
            overrides: settings that differ, such as {"kimg": 20, "batch": 64, "ngf": 32}.
        """
        wanted = parse_train({"data": data, "preset": preset, "overrides": overrides})
        return asdict(jobs.start(wanted.data, wanted.preset, wanted.overrides, caller_address(services.settings)))

    def train_status(run: str = "", token: str = "") -> dict[str, Any]:
        """Return a run's status: state, nimg, total, losses, speed (pictures a second), eta (seconds left), and more.

        Args:
            run: the run's id; empty means the newest.
            token: the token that /train_start returned; without it, details of a visitor's own pictures are left out.
        """
        wanted = parse_run({"run": run, "token": token})
        return run_status(jobs, wanted.run, wanted.token)

    def obey(order: str, run: str, token: str, wait: float = 0.0) -> dict[str, Any]:
        wanted = parse_run({"run": run, "token": token})
        jobs.order(wanted.run, order, wanted.token, wait)
        return run_status(jobs, wanted.run, wanted.token)

    def train_stop(run: str, token: str = "") -> dict[str, Any]:
        """Tell a run to save and stop, wait for at most a minute, and return its status.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        return obey("stop", run, token, wait=STOPS_WITHIN)

    def train_pause(run: str, token: str = "") -> dict[str, Any]:
        """Tell a run to save and pause, wait for at most a minute, and return its status. /train_resume goes on.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        return obey("pause", run, token, wait=STOPS_WITHIN)

    def train_sample(run: str, token: str = "") -> dict[str, Any]:
        """Let a run draw its grid of 64 faces after its present step, and return its status at once.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        return obey("sample", run, token)

    def train_save(run: str, token: str = "") -> dict[str, Any]:
        """Let a run save its model and its training state after its present step, and return its status at once.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        return obey("save", run, token)

    def train_resume(run: str, token: str = "") -> dict[str, Any]:
        """Continue a run that was stopped, was paused or has crashed, and return its status.

        While another run trains it waits in the queue: a paused run before all others, any other run at the end.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.resume(wanted.run, wanted.token, caller_address(services.settings))
        return run_status(jobs, wanted.run, wanted.token)

    def train_leave_queue(run: str, token: str = "") -> dict[str, Any]:
        """Take a run out of the queue, and return its status. /train_resume puts it back.

        Args:
            run: the run's id.
            token: the token that /train_start returned.
        """
        wanted = parse_run({"run": run, "token": token})
        jobs.leave_queue(wanted.run, wanted.token)
        return run_status(jobs, wanted.run, wanted.token)

    def train_move_in_queue(run: str, move: str, token: str = "") -> dict[str, Any]:
        """Let a run change places with the run before or after it in the queue, and return its status.

        Args:
            run: the run's id.
            move: "up" or "down".
            token: the token that /train_start returned; to go before another visitor's run, the administrator's.
        """
        wanted = parse_move({"run": run, "move": move, "token": token})
        jobs.move_in_queue(wanted.run, wanted.move, wanted.token)
        return run_status(jobs, wanted.run, wanted.token)

    add_endpoint(train_start, services.limiters.trainings)
    add_endpoint(train_resume, services.limiters.trainings)
    add_endpoint(train_status, services.limiters.analyses)
    for endpoint in (train_stop, train_pause, train_sample, train_save, train_leave_queue, train_move_in_queue):
        add_endpoint(endpoint, services.limiters.analyses)
