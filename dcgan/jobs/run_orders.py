"""Give orders to the trainer of a run, whoever started it: the page, or a person in a terminal."""

from __future__ import annotations

from pathlib import Path

from dcgan.errors import RunError
from dcgan.jobs.run_status import read_status
from dcgan.jobs.runs import is_alive
from dcgan.training.control import give_order


def order_trainer(run: Path, order: str) -> None:
    """Give one of ORDERS to the trainer of a run. Raises RunError when the run is not being trained."""
    if not is_alive(run):
        state = read_status(run).get("state")
        raise RunError(f"The run {run.name} is {state}; only a run that is being trained can be told to {order}.")
    give_order(run, order)
