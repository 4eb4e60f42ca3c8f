"""What a visitor may see of a run. Every feature that shows something of a run asks here.

Where runs have owners, other visitors see a run's state, curves, generated pictures and models. They do not see its
name, its real pictures and the name of their data set unless these are public, the reason why it failed (which may name
a file), or settings besides SHOWN_TO_ALL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dcgan.data.spec import KINDS, PUBLIC_KINDS, parse
from dcgan.errors import DatasetError, RunError
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.jobs.uploads import Uploads
from dcgan.training.runlog import read_config

SHOWN_TO_ALL = ("data", "preset", "image_size", "batch", "loss", "ngf", "ndf", "threads", "precision")
HIDDEN_DATA = "a visitor's own pictures"
HIDDEN_FAILURE = "The run failed. Only the visitor who started it is told why."


@dataclass(frozen=True)
class Visibility:
    """mine: the visitor may change the run. hides_data: its real pictures are private, and not the visitor's."""

    mine: bool
    hides_data: bool
    _uploads: Uploads

    def name(self, name: str) -> str:
        """Return the name that was given to the run, or "" for others."""
        return name if self.mine else ""

    def data(self, spec: str) -> str:
        """Return the name of the run's data set, without folders."""
        return HIDDEN_DATA if self.hides_data else data_name(self._uploads.show_own_names(spec))

    def message(self, state: str, message: str) -> str:
        """Return the run's message, with the visitor's own names of uploads in place of paths."""
        if self.hides_data:
            return HIDDEN_FAILURE if state == "failed" else ""
        return self._uploads.show_own_names(message)

    def settings(self, names: Iterable[str]) -> list[str]:
        """Return those of the settings' names that the visitor may see."""
        return [name for name in names if self.mine or name in SHOWN_TO_ALL]


def visibility(jobs: TrainingJobs, run: Path, token: str) -> Visibility:
    """Return what a visitor with this token ("" for none) may see of a run."""
    mine = jobs.may_control(run.name, token)
    return Visibility(mine, jobs.owners and not mine and not _has_public_data(run), jobs.uploads)


def data_name(spec: str) -> str:
    """Return the name of a data set without its folder."""
    kind, _, rest = spec.partition(":")
    if kind in PUBLIC_KINDS or kind.partition("?")[0] not in KINDS:
        return spec if kind in PUBLIC_KINDS else kind
    return rest.partition("?")[0].rstrip("/").rpartition("/")[2]


def _has_public_data(run: Path) -> bool:
    """Whether the run's pictures are drawn here or known to everybody; False where its settings cannot be read."""
    try:
        return parse(read_config(run).data).kind in PUBLIC_KINDS
    except (RunError, DatasetError):
        return False
