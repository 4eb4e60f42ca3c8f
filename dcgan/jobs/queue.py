"""The queue of runs that wait to be trained, on disk, so that it outlasts the app.

A run waits while its folder has the file `queued`: its rank, by which the queue is sorted, and a digest of the visitor
who queued it. The trainer deletes the file when it begins with the run, whoever started the trainer.
`TrainingJobs` starts the next one.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dcgan.config import TrainConfig
from dcgan.errors import RunError
from dcgan.files import write_atomic
from dcgan.jobs.public_limits import PublicLimits
from dcgan.jobs.run_status import read_status_file
from dcgan.jobs.runs import is_queued
from dcgan.schema import MOVES
from dcgan.store import NAME
from dcgan.training.runlog import QUEUED_FILE, write_status

UP, DOWN = MOVES
STEPS = {UP: -1, DOWN: 1}  # of a run's place


@dataclass(frozen=True)
class _Entry:
    rank: int
    visitor: str = ""  # digest


class RunQueue:
    """The queue of one folder of runs. Only one thread at a time may change it."""

    def __init__(self, runs: Path, limits: PublicLimits | None = None) -> None:
        self._runs, self._limits = Path(runs), limits

    def ids(self) -> list[str]:
        """Return the ids of the waiting runs, the next one first."""
        return list(self._entries())

    def places(self) -> dict[str, int]:
        """Return the place of each waiting run; 1 is the next."""
        return {run: place for place, run in enumerate(self.ids(), 1)}

    def place(self, run_id: str) -> int:
        """Return a run's place, 1 for the next; 0 where it does not wait."""
        return self.places().get(run_id, 0) if is_queued(self._runs / run_id) else 0

    def check_room(self, visitor: str) -> None:
        """Raise RunError where a public page's queue is full, or has as many runs of this visitor as it takes."""
        if self._limits is None:
            return
        entries = self._entries()
        own = [run for run, entry in entries.items() if entry.visitor == _digest(visitor)]
        if len(own) >= self._limits.waiting_by_visitor:
            raise RunError(
                f"Your run {own[0]} waits in the queue already, and a visitor of this public page has one run there. "
                "Take it out of the queue, or wait until it has begun."
            )
        if len(entries) >= self._limits.waiting:
            raise RunError(
                f"The queue of this public page is full: {len(entries)} runs wait. Try again when one has begun."
            )

    def put(self, run: Path, visitor: str, first: bool = False) -> int:
        """Let a run wait, at the end or before all others. Return its place."""
        ranks = [entry.rank for entry in self._entries().values()]
        rank = min(ranks, default=1) - 1 if first else max(ranks, default=-1) + 1
        _write(run, _Entry(rank, _digest(visitor)))
        return self.place(run.name)

    def remove(self, run: Path) -> None:
        """Let a run wait no more; its state is what it was before."""
        (run / QUEUED_FILE).unlink(missing_ok=True)

    def neighbour(self, run_id: str, move: str) -> str | None:
        """Return the run with which a waiting run changes places when it moves "up" or "down"; None at the ends."""
        ids = self.ids()
        place = ids.index(run_id) + STEPS[move] if run_id in ids else -1
        return ids[place] if 0 <= place < len(ids) else None

    def swap(self, first: str, second: str) -> None:
        """Let two waiting runs change places."""
        entries = self._entries()
        other = {first: second, second: first}
        for rank, run in enumerate(other.get(run, run) for run in entries):
            if entries[run].rank != rank:
                _write(self._runs / run, _Entry(rank, entries[run].visitor))

    def _entries(self) -> dict[str, _Entry]:
        """Return the waiting runs in order. A run that is being trained does not wait, nor one in the trash."""
        folders = [path.parent for path in self._runs.glob(f"*/{QUEUED_FILE}")]
        entries = {run.name: _read(run) for run in folders if NAME.fullmatch(run.name) and is_queued(run)}
        return dict(sorted(entries.items(), key=lambda item: (item[1].rank, item[0])))


def write_waiting_status(run: Path, config: TrainConfig) -> None:
    """Write the status.json of a new run that has not begun, so that it is listed."""
    about = {"data": config.data, "preset": config.preset, "state_saved": False}
    write_status(run, {**about, "state": "stopped", "message": "It has not begun yet.", "nimg": 0, "total": 0})


def mark_failed(run: Path, sentence: str) -> None:
    """Say in the status.json of a run why its trainer could not begin."""
    with suppress(OSError, RunError):  # a full disk, a damaged status; the run is out of the queue all the same
        write_status(run, {**read_status_file(run), "state": "failed", "message": sentence})


def _read(run: Path) -> _Entry:
    """Return what is known of a waiting run; one whose file cannot be read comes first."""
    try:
        return _Entry(**json.loads((run / QUEUED_FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return _Entry(0)


def _write(run: Path, entry: _Entry) -> None:
    write_atomic(run / QUEUED_FILE, json.dumps(asdict(entry)).encode())


def _digest(visitor: str) -> str:
    return hashlib.sha256(visitor.encode("utf-8", "surrogatepass")).hexdigest()
