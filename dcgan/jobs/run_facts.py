"""The facts of each run for a list of runs, and what differs between two runs. Only reads the runs' folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dcgan.config import TrainConfig, to_dict
from dcgan.errors import RunError
from dcgan.jobs.run_names import read_name
from dcgan.jobs.run_status import read_status
from dcgan.jobs.runs import list_runs, newest_metrics, read_scores
from dcgan.training.best import best_of
from dcgan.training.runlog import read_config

# Settings that say nothing about a run's result: they follow from others, or only say how often something is written
NOT_COMPARED = ("model", "version", "log_every", "line_every", "sample_every", "snapshot_every", "state_every")


@dataclass(frozen=True)
class RunFacts:
    """A run at a glance. kid: that of its best model; None before the first evaluation. size: bytes on disk."""

    run: str
    name: str
    state: str
    data: str
    preset: str
    nimg: int  # pictures D has seen
    total: int  # pictures D will have seen at the end; 0 where that is not known yet
    seconds: float  # of training
    kid: float | None
    best: int | None  # pictures seen by the best model
    size: int
    alive: bool

    @property
    def length(self) -> str:
        """The pictures seen, and those planned where the run has not come to its end."""
        return f"{self.nimg:,}" if self.nimg == self.total else f"{self.nimg:,} of {self.total:,}"


@dataclass(frozen=True)
class Difference:
    """A setting that two runs have different values of."""

    setting: str
    first: object
    second: object


def run_facts(run: Path) -> RunFacts:
    """Return the facts of a run's folder. A run whose status.json is damaged has the state "unreadable"."""
    try:
        status = read_status(run)
    except RunError:
        status = {"state": "unreadable"}
    best = best_of(score for score in read_scores(run) if "kid" in score and "coverage" in score)
    return RunFacts(
        run=run.name,
        name=read_name(run),
        state=str(status.get("state", "")),
        data=str(status.get("data") or ""),
        preset=str(status.get("preset") or ""),
        nimg=_whole(status.get("nimg")),
        total=_whole(status.get("total")),
        seconds=float(newest_metrics(run).get("seconds", 0.0)),
        kid=float(best["kid"]) if best else None,
        best=int(best["nimg"]) if best else None,
        size=folder_size(run),
        alive=bool(status.get("alive")),
    )


def all_facts(runs: Path) -> list[RunFacts]:
    """Return the facts of all runs, the most recently written one first."""
    return [run_facts(Path(runs) / run) for run in list_runs(runs)]


def matching(facts: Sequence[RunFacts], text: str) -> list[RunFacts]:
    """Return the runs that have every word of a text in their id, name, state, data or preset; case is ignored."""
    words = text.casefold().split()
    return [
        one
        for one in facts
        if all(word in f"{one.run} {one.name} {one.state} {one.data} {one.preset}".casefold() for word in words)
    ]


def differences(first: TrainConfig, second: TrainConfig) -> list[Difference]:
    """Return the settings that differ between two runs, in the order of the configuration."""
    ours, theirs = ({**to_dict(config), **to_dict(config.model)} for config in (first, second))
    names = [name for name in ours if name not in NOT_COMPARED and ours[name] != theirs[name]]
    return [Difference(name, ours[name], theirs[name]) for name in names]


def run_differences(first: Path, second: Path) -> list[Difference]:
    """Return the settings that differ between two runs' folders. Raises RunError for an unreadable config.json."""
    return differences(read_config(first), read_config(second))


def same_latents(first: TrainConfig, second: TrainConfig) -> bool:
    """Whether the grids of two runs are drawn from the same latents, so that their faces can be compared one by one."""
    return first.model.nz == second.model.nz


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in a folder and the folders below it; links count nothing."""
    size = 0
    for folder_path, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # deleted meanwhile
                about = os.lstat(os.path.join(folder_path, name))
                size += about.st_size if stat.S_ISREG(about.st_mode) else 0
    return size


def show_size(size: int) -> str:
    """Return a number of bytes as text: 812 kB, 35 MB, 1.2 GB."""
    if size >= 10**9:
        return f"{size / 10**9:.1f} GB"
    return f"{size / 10**6:.0f} MB" if size >= 10**6 else f"{-(-size // 1000)} kB"


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
