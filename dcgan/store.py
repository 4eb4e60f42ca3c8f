"""Find models by name.

"faces" is checkpoints/faces; "run:<id>" is the newest snapshot of a training run, "run:<id>@<nimg>" the snapshot after
nimg pictures, "best:<id>" the run's best model by KID.
"""

from __future__ import annotations

import re
from pathlib import Path

from dcgan.checkpoint import DIRECTIONS_FILE, DISCRIMINATOR_FILE, ENCODER_FILE, GENERATOR_FILE, NEAREST_FILE
from dcgan.errors import CheckpointError

FIRST = "faces"  # the model that the page opens with
BEST_FOLDER = "best"  # a run's subfolder, with the files of a checkpoint
SNAPSHOTS_FOLDER = "snapshots"  # a run's subfolder: <nimg>.safetensors is G, discriminator-<nimg>.safetensors its D
SNAPSHOTS = f"{SNAPSHOTS_FOLDER}/[0-9]*.safetensors"  # the pattern of their generators

# Valid names of models and runs: no separators and no leading dot, so that a name cannot leave its folder.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
MOMENT = re.compile(r"run:([^@]+)@([0-9]{1,12})")  # a run's id and the pictures seen


class ModelStore:
    """Looks up models on disk at every call, so a newly trained model is found at once."""

    def __init__(self, checkpoints: Path, runs: Path) -> None:
        self.checkpoints = Path(checkpoints)
        self.runs = Path(runs)

    def names(self) -> list[str]:
        """Return all models: checkpoints (FIRST first), then runs with a snapshot, newest first, and their best."""
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
        """Return the generator's file. Raises CheckpointError, which lists the models, if there is none."""
        if moment := self._moment(name):
            return _kept(*moment)
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

    def pinned(self, name: str) -> str:
        """Return "run:<id>@<nimg>" for "run:<id>": its newest snapshot now. Any other name stays as it is."""
        newest = self.newest_moment(name)
        return name if newest is None or self._moment(name) else f"{name}@{newest}"

    def newest_moment(self, name: str) -> int | None:
        """Return the pictures seen by the newest snapshot of the run that "run:<id>" or "run:<id>@<nimg>" names."""
        run = run_of(name)
        path = _newest_snapshot(self.runs / run) if run else None
        return int(path.stem) if path is not None and path.stem.isdecimal() else None

    def discriminator_path(self, name: str) -> Path | None:
        """Return the file of the discriminator that was trained together with the generator, or None."""
        path = self._file(name, DISCRIMINATOR_FILE)
        if (moment := self._moment(name)) and not path.is_file() and _newest_snapshot(moment[0]) == _kept(*moment):
            path = moment[0] / DISCRIMINATOR_FILE  # of a run of an earlier version of this program
        return path if path.is_file() else None

    def directions_path(self, name: str) -> Path:
        """Return the path of a model's directions, which may not exist yet. A run's snapshots share one."""
        return self._folder(name) / DIRECTIONS_FILE

    def encoder_path(self, name: str) -> Path:
        """Return the path of a model's encoder, which may not exist yet."""
        path, of_run = self._file(name, ENCODER_FILE), self._folder(name) / ENCODER_FILE
        # "run:<id>" and its newest snapshot are the same model
        return of_run if not path.is_file() and self.newest_moment(name) == self._nimg(name) else path

    def nearest_path(self, name: str) -> Path:
        """Return the path of the index of training pictures, which may not exist yet. A run's snapshots share one."""
        folder = self._folder(name)
        return (folder.parent if name.startswith("best:") else folder) / NEAREST_FILE

    def version(self, name: str) -> str:
        """Return a cache key that changes whenever the generator's file does."""
        path = self.generator_path(name)
        stat = path.stat()
        return f"{path.name}-{stat.st_mtime_ns}-{stat.st_size}"

    def _file(self, name: str, file: str) -> Path:
        """Return the path of a model's further file; those of a snapshot have its picture count in their names."""
        if self._moment(name):
            path = self.generator_path(name)
            return path.with_name(f"{file.removesuffix('.safetensors')}-{path.name}")
        return self._folder(name) / file

    def _moment(self, name: str) -> tuple[Path, int] | None:
        """Return the run's folder and the pictures seen that run:<id>@<nimg> names; None for any other name."""
        found = MOMENT.fullmatch(name)
        return (self.runs / found[1], int(found[2])) if found and NAME.fullmatch(found[1]) else None

    def _nimg(self, name: str) -> int | None:
        moment = self._moment(name)
        return moment[1] if moment else None

    def _folder(self, name: str) -> Path:
        """Return the folder of the checkpoint or run."""
        path = self.generator_path(name)
        return path.parent.parent if name.startswith("run:") else path.parent


def run_of(name: str) -> str:
    """Return the run's id of "run:<id>" and "run:<id>@<nimg>"; "" for any other name."""
    prefix, _, rest = name.partition(":")
    run = rest.partition("@")[0]
    return run if prefix == "run" and NAME.fullmatch(run) else ""


def _best(run: Path) -> Path:
    return run / BEST_FOLDER / GENERATOR_FILE


def _newest_snapshot(run: Path) -> Path | None:
    """Return the newest snapshot. Names are nine-digit picture counts, so the last name is the newest."""
    return max(run.glob(SNAPSHOTS), default=None)


def _kept(run: Path, nimg: int) -> Path:
    """Return a run's snapshot after nimg pictures. Raises CheckpointError, which lists those there are."""
    path = run / SNAPSHOTS_FOLDER / f"{nimg:09d}.safetensors"
    if not path.is_file():
        kept = ", ".join(str(int(other.stem)) for other in sorted(run.glob(SNAPSHOTS)) if other.stem.isdecimal())
        raise CheckpointError(
            f"The run {run.name} keeps no model after {nimg} pictures; it keeps those after: {kept or 'none'}."
        )
    return path
