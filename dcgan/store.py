"""Where models are found by name.

"faces" is checkpoints/faces, "run:<id>" the newest snapshot of a training run, "best:<id>" the best model of one.
"""

from __future__ import annotations

import re
from pathlib import Path

from dcgan.checkpoint import DIRECTIONS_FILE, DISCRIMINATOR_FILE, ENCODER_FILE, GENERATOR_FILE, NEAREST_FILE
from dcgan.errors import CheckpointError

FIRST = "faces"  # the model that a page opens on
BEST_FOLDER = "best"  # of a run, laid out like a checkpoint

# What may stand in a model's or a run's name: no separator, no leading dot, so that no name leaves its folder.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")


class ModelStore:
    """Looks models up on disk at each call; holds nothing, so a model that was just trained is there at once."""

    def __init__(self, checkpoints: Path, runs: Path) -> None:
        self.checkpoints = Path(checkpoints)
        self.runs = Path(runs)

    def names(self) -> list[str]:
        """Every model there is: checkpoints by name, FIRST before the others, then runs with a snapshot, newest first,
        and their best."""
        shipped = sorted(path.parent.name for path in self.checkpoints.glob(f"*/{GENERATOR_FILE}"))
        trained = [run for run in self.runs.glob("*") if _newest_snapshot(run) is not None]
        trained.sort(key=lambda run: run.name, reverse=True)
        names = sorted(filter(NAME.fullmatch, shipped), key=lambda name: name != FIRST)
        for run in trained:
            names.append(f"run:{run.name}")
            if _best(run).is_file():
                names.append(f"best:{run.name}")
        return names

    def generator_path(self, name: str) -> Path:
        """The file of a model's generator. Raises CheckpointError naming the models there are."""
        path: Path | None = None
        prefix, _, run = name.rpartition(":")
        if prefix == "run" and NAME.fullmatch(run):
            path = _newest_snapshot(self.runs / run)
        elif prefix == "best" and NAME.fullmatch(run):
            path = _best(self.runs / run)
        elif NAME.fullmatch(name):
            path = self.checkpoints / name / GENERATOR_FILE
        if path is None or not path.is_file():
            known = ", ".join(self.names()) or "none yet; train one, or import one"
            raise CheckpointError(f"There is no model {name!r}. Models: {known}.")
        return path

    def discriminator_path(self, name: str) -> Path | None:
        """The file of a model's discriminator; None where it has none."""
        path = self._folder(name) / DISCRIMINATOR_FILE
        return path if path.is_file() else None

    def directions_path(self, name: str) -> Path:
        """Where a model's directions lie, or will lie once they are found."""
        return self._folder(name) / DIRECTIONS_FILE

    def encoder_path(self, name: str) -> Path:
        """Where a model's encoder lies, or will lie once it is trained."""
        return self._folder(name) / ENCODER_FILE

    def nearest_path(self, name: str) -> Path:
        """Where the index of a model's training pictures lies, or will lie; a run's snapshots share one."""
        folder = self._folder(name)
        return (folder.parent if name.startswith("best:") else folder) / NEAREST_FILE

    def version(self, name: str) -> str:
        """A text that changes whenever the generator's file does; caches are keyed by it."""
        path = self.generator_path(name)
        stat = path.stat()
        return f"{path.name}-{stat.st_mtime_ns}-{stat.st_size}"

    def _folder(self, name: str) -> Path:
        """The checkpoint's or the run's folder."""
        path = self.generator_path(name)
        return path.parent.parent if name.startswith("run:") else path.parent


def _best(run: Path) -> Path:
    return run / BEST_FOLDER / GENERATOR_FILE


def _newest_snapshot(run: Path) -> Path | None:
    """Snapshots are named by their count of pictures, nine digits, so the last name is the newest."""
    return max(run.glob("snapshots/[0-9]*.safetensors"), default=None)
