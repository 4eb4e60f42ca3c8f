"""Start, stop, resume, rename and delete the runs of one folder, and check who may do so.

One run trains at a time; the others wait in the queue, and a thread starts the next one when no trainer works any more.
Files in the run's folder are the only channel to a trainer. `TrainingJobs` writes a validated `config.json` into a new
folder and starts `python -m dcgan train --run FOLDER` on it; it continues a run with `python -m dcgan resume FOLDER`.
The trainer is a process of its own, so closing the page does not end it. It saves and stops when the app ends, so no
orphan is left. It holds a lock file in the folder of runs, so two apps on one folder cannot train at the same time.
The queue is on disk: an app that starts goes on with it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.data.open import check_spec
from dcgan.data.spec import PATH_KINDS, parse
from dcgan.errors import DatasetError, RunError
from dcgan.files import delete_temporaries, path_exists
from dcgan.jobs.configure import configure
from dcgan.jobs.owners import give_token, is_owner, same_secret
from dcgan.jobs.public_limits import PublicLimits
from dcgan.jobs.queue import DOWN, UP, RunQueue, mark_failed, write_waiting_status
from dcgan.jobs.run_curves import KEPT_RUNS, METRICS, SCORES, CurveCache
from dcgan.jobs.run_folders import delete_oldest_visitors_runs, make_run_folder
from dcgan.jobs.run_names import write_name
from dcgan.jobs.run_orders import order_trainer
from dcgan.jobs.run_status import read_status
from dcgan.jobs.runs import find_run, is_alive, is_locked, is_queued, list_runs
from dcgan.jobs.trainer_process import START_GRACE, TrainerProcess, wait_for
from dcgan.jobs.trash import empty_trash, find_in_trash, move_to_trash, restore_from_trash
from dcgan.jobs.uploads import PREFIX, Uploads
from dcgan.store import ModelStore
from dcgan.training.control import ENDINGS
from dcgan.training.runlog import STATUS_FILE, read_config, write_config

TRAINER_LOCK, UPLOADS = ".trainer.lock", ".uploads"
TICK = 1.0  # seconds between two looks at whether the next waiting run can begin
STOP_GRACE = 60.0  # seconds a trainer may take to save before it is terminated
ABANDONED = 600.0  # seconds without a write after which a temporary file's writer is dead


@dataclass(frozen=True)
class Started:
    """A run that was just started or queued, its owner's token, and its place in the queue; 0 where it trains."""

    run: str
    token: str
    place: int


class TrainingJobs:
    """Trainer processes over one folder of runs, one at a time, and the queue of runs that wait for their turn.

    `limits` are those of a public page; None means none. With `owners` off anyone may change any run, as on one's
    own machine. `admin` is a token that always may. `checkpoints` holds the models that a run can begin with.
    """

    def __init__(
        self,
        runs: Path,
        limits: PublicLimits | None = None,
        owners: bool = True,
        admin: str = "",
        nice: int = 10,
        checkpoints: Path = Path("checkpoints"),
    ) -> None:
        self.runs = Path(runs).absolute()
        self.public_limits, self.owners, self.admin, self.nice = limits, owners, admin, nice
        self.metrics, self.scores = CurveCache(METRICS, KEPT_RUNS), CurveCache(SCORES, KEPT_RUNS)
        self.uploads = Uploads(self.runs / UPLOADS, limits.uploads if limits else None)
        self.queue = RunQueue(self.runs, limits)
        self._store = ModelStore(Path(checkpoints).absolute(), self.runs)
        self._mutex = threading.Lock()
        self._trainer: TrainerProcess | None = None  # the one that was started last
        self._advancer: threading.Thread | None = None  # while runs wait
        self._closing = threading.Event()
        for folder in (*self.runs.glob("*/"), *self.runs.glob("*/*/"), *self._store.checkpoints.glob("*/")):
            delete_temporaries(folder, idle=ABANDONED)
        empty_trash(self.runs)
        with self._mutex:
            self._advance()

    def start(self, data: str, preset: str, overrides: Mapping[str, Any] | None = None, visitor: str = "") -> Started:
        """Start a run on a data set: a spec, or "upload:<id>.<secret>" as `uploads.keep` returned it.

        `visitor` tells visitors apart. The run waits in the queue while another one is being trained. Raises
        ConfigError for a bad setting, CheckpointError for a model that is not there, DatasetError for a data set that
        may not be used here, RunError where a public page's queue takes no further run.
        """
        config = configure(self.data_spec(data), preset, overrides or {}, self._store, self.public_limits)
        with self._mutex:
            must_wait = self._must_wait(visitor)
            empty_trash(self.runs)
            if self.public_limits is not None:
                delete_oldest_visitors_runs(self.runs, self.public_limits.runs - 1)
            run = make_run_folder(self.runs, data)
            token = give_token(run)
            write_config(run, config)
            if must_wait:
                write_waiting_status(run, config)
                return self._queue(run, token, visitor)
            try:
                self._start_trainer(run, ["train", "--run", str(run)])
            except RunError:
                if not (run / STATUS_FILE).is_file():
                    shutil.rmtree(run, ignore_errors=True)  # no training happened in it
                raise
        return Started(run.name, token, place=0)

    def resume(self, run_id: str, token: str = "", visitor: str = "") -> Started:
        """Continue a run from its last state, or from the beginning where it kept none.

        While another run is being trained it waits in the queue: a paused run before all others, any other run at the
        end. Raises RunError when the run cannot be continued, the token does not allow it, or the queue takes no more.
        """
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        with self._mutex:
            status = read_status(run)
            if is_queued(run):
                raise RunError(f"The run {run.name} is in the queue already; it goes on when its turn comes.")
            if not status["can_resume"]:
                raise RunError(f"The run {run.name} is {status.get('state')} and cannot be resumed; start a new one.")
            if self._must_wait(visitor):
                return self._queue(run, token, visitor, first=status.get("state") == "paused")
            self._start_trainer(run, ["resume", str(run)])
        return Started(run.name, token, place=0)

    def leave_queue(self, run_id: str, token: str = "") -> None:
        """Take a run out of the queue; `resume` puts it back.

        Raises RunError when the run does not wait, or the token does not allow it.
        """
        with self._mutex:
            self.queue.remove(self._waiting_run(run_id, token))

    def move_in_queue(self, run_id: str, move: str, token: str = "") -> None:
        """Let a waiting run change places with the run before it ("up") or after it ("down").

        Raises RunError when the run does not wait or is at that end, or the token does not allow it. To go before
        another visitor's run takes the token of that run's owner, or the administrator's.
        """
        with self._mutex:
            run = self._waiting_run(run_id, token)
            other = self.queue.neighbour(run.name, move)
            if other is None:
                raise RunError(f"The run {run.name} is the {'first' if move == UP else 'last'} of the queue already.")
            if move == UP:
                self._check_owner(self.runs / other, token)
            self.queue.swap(run.name, other)

    def moves(self, run_id: str, token: str = "") -> list[str]:
        """Return the moves in the queue that the token allows: "up", "down", both or none."""
        if not self.may_control(run_id, token) or not is_queued(self.runs / run_id):
            return []
        before, after = self.queue.neighbour(run_id, UP), self.queue.neighbour(run_id, DOWN)
        allowed = {UP: before is not None and self.may_control(before, token), DOWN: after is not None}
        return [move for move, is_allowed in allowed.items() if is_allowed]

    def order(self, run_id: str, order: str, token: str = "", wait: float = 0.0) -> None:
        """Give one of ORDERS to a run's trainer. After one of ENDINGS wait until it has ended, at most `wait` seconds.

        A trainer that this app started and that has not exited STOP_GRACE seconds after such an order is terminated;
        its last state remains. Raises RunError when the run is not being trained, or the token does not allow it.
        """
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        order_trainer(run, order)
        if order in ENDINGS:
            if self._trainer is not None and self._trainer.run == run:
                threading.Thread(target=self._trainer.end, args=(STOP_GRACE,), daemon=True).start()
            wait_for(lambda: not is_alive(run), wait)

    def rename(self, run_id: str, token: str, name: str) -> None:
        """Give a run a name; "" removes it. Raises RunError for a bad name, or if the token does not allow it."""
        write_name(self._own_run(run_id, token), name)

    def delete(self, run_id: str, token: str) -> None:
        """Move a run into the trash, from which `restore` brings it back for a day.

        Raises RunError while the run is being trained, or if the token does not allow it.
        """
        with self._mutex:
            move_to_trash(self._own_run(run_id, token))
            empty_trash(self.runs)

    def restore(self, run_id: str, token: str) -> None:
        """Bring a deleted run back. Raises RunError when it is gone, or if the token does not allow it."""
        with self._mutex:
            self._check_owner(find_in_trash(self.runs, run_id), token)
            restore_from_trash(self.runs, run_id)

    def status(self, run_id: str = "") -> dict[str, Any]:
        """Return the status of a run, by default the newest. Raises RunError when there is none."""
        return read_status(find_run(self.runs, run_id))

    def running(self) -> str | None:
        """Return the id of the run that is being trained in this folder, whoever started it, or None."""
        return next((run for run in list_runs(self.runs) if is_alive(self.runs / run)), None)

    def may_control(self, run_id: str, token: str) -> bool:
        """Whether the token may change the run: order, resume, move, rename and delete it."""
        try:
            self._check_owner(find_run(self.runs, run_id), token)
        except RunError:
            return False
        return True

    def keep_upload(self, path: Path, name: str, visitor: str) -> str:
        """Keep a zip that a visitor sent; see `Uploads.keep`. The data sets of runs that train or wait stay."""
        in_use = []
        for run in filter(None, [self.running(), *self.queue.ids()]):
            with suppress(RunError, DatasetError):  # a run that cannot be read, or was deleted meanwhile
                in_use.append(Path(parse(read_config(self.runs / run).data).target))
        return self.uploads.keep(path, name, visitor, in_use)

    def data_spec(self, data: str) -> str:
        """Return the spec that `open_dataset` takes for a requested data set. Raises DatasetError if it is refused."""
        if len(data) > 500 or not data.isprintable():
            raise DatasetError("A data set is named in one line of at most 500 characters.")
        if data.startswith(PREFIX):
            return self.uploads.spec(data)
        spec = check_spec(data)
        if self.public_limits is not None:
            self.public_limits.check_data(data)
        elif spec.kind in PATH_KINDS and not path_exists(spec.target):
            raise DatasetError(f"There is nothing at {spec.target} on this machine; check the path.")
        return data

    def close(self) -> None:
        """Let our trainer save and stop, and wait for it. The app calls this when it ends. The queue stays."""
        self._closing.set()
        self._end_trainer()  # also one that is just starting, for which the thread of the queue holds the mutex
        with self._mutex:
            self._end_trainer()

    def _end_trainer(self) -> None:
        if self._trainer is not None:
            self._trainer.end(STOP_GRACE)

    def _is_busy(self) -> bool:
        """Whether a run is being trained: started here, by another app on this folder, or from a shell."""
        trainer = self._trainer
        if trainer is not None and not is_alive(trainer.run):
            trainer.end(START_GRACE)  # it has released its run, and may need a moment to exit
        is_ours = trainer is not None and trainer.is_running
        return is_ours or is_locked(self.runs / TRAINER_LOCK) or self.running() is not None

    def _must_wait(self, visitor: str) -> bool:
        """Whether a further run has to wait. Raises RunError where the queue takes none of this visitor."""
        must_wait = bool(self.queue.ids()) or self._is_busy()
        if must_wait:
            self.queue.check_room(visitor)
        return must_wait

    def _queue(self, run: Path, token: str, visitor: str, first: bool = False) -> Started:
        place = self.queue.put(run, visitor, first)
        self._advance()
        return Started(run.name, token, place)

    def _advance(self) -> None:
        """Start the thread that starts the waiting runs, unless it runs or none waits. The caller holds the mutex."""
        is_advancing = self._advancer is not None and self._advancer.is_alive()
        if not is_advancing and self.queue.ids():
            self._advancer = threading.Thread(target=self._start_waiting_runs, name="queue of runs", daemon=True)
            self._advancer.start()

    def _start_waiting_runs(self) -> None:
        """Start one waiting run after the other, each when no trainer works any more, until none waits."""
        while not self._closing.is_set():
            with self._mutex:
                waiting = self.queue.ids()
                if not waiting or self._closing.is_set():
                    self._advancer = None
                    return
                if not self._is_busy():
                    self._start_waiting_run(self.runs / waiting[0])
            self._closing.wait(TICK)

    def _start_waiting_run(self, run: Path) -> None:
        """Start a waiting run. Where its trainer cannot begin, the run has failed, and the next one gets its turn."""
        try:
            self._start_trainer(run, ["resume", str(run)])
        except (RunError, OSError) as error:
            if self._closing.is_set() or self._is_busy():
                return  # the app is ending, or another app was quicker: the run keeps its place
            self.queue.remove(run)
            mark_failed(run, str(error))

    def _own_run(self, run_id: str, token: str) -> Path:
        """Return the folder of a run that the token allows to change. Raises RunError otherwise."""
        if not run_id:
            raise RunError("Say which run; its id is the name of its folder.")
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        return run

    def _waiting_run(self, run_id: str, token: str) -> Path:
        run = self._own_run(run_id, token)
        if not is_queued(run):
            raise RunError(f"The run {run.name} is not in the queue; it is {read_status(run).get('state')}.")
        return run

    def _check_owner(self, run: Path, token: str) -> None:
        if self.owners and not same_secret(token, self.admin) and not is_owner(run, token):
            raise RunError(f"The run {run.name} belongs to another visitor, who alone may change it.")

    def _start_trainer(self, run: Path, command: list[str]) -> None:
        options = ["--nice", str(self.nice), "--exclusive", str(self.runs / TRAINER_LOCK)]
        # The trainer loads the model that a run begins with from the same folders as the app.
        folders = {"DCGAN_CHECKPOINTS": str(self._store.checkpoints), "DCGAN_RUNS": str(self.runs)}
        self._trainer = TrainerProcess(run, [*command, *options], folders)
        self._trainer.wait_until_started()
