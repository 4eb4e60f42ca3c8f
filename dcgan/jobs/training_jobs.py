"""Start, stop, resume, rename and delete the runs of one folder, and check who may do so. One run trains at a time.

Files in the run's folder are the only channel to a trainer. `TrainingJobs` writes a validated `config.json` into a new
folder and starts `python -m dcgan train --run FOLDER` on it; it continues a run with `python -m dcgan resume FOLDER`.
The trainer is a process of its own, so closing the page does not end it. It saves and stops when the app ends, so no
orphan is left. It holds a lock file in the folder of runs, so two apps on one folder cannot train at the same time.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.data.open import check_spec
from dcgan.data.spec import PATH_KINDS, PUBLIC_KINDS, parse
from dcgan.errors import DatasetError, RunError
from dcgan.files import delete_temporaries, path_exists, write_atomic
from dcgan.jobs.configure import configure
from dcgan.jobs.owners import give_token, is_owner, same_secret
from dcgan.jobs.public_limits import PublicLimits
from dcgan.jobs.run_curves import KEPT_RUNS, METRICS, SCORES, CurveCache
from dcgan.jobs.run_folders import delete_oldest_visitors_runs, make_run_folder
from dcgan.jobs.run_names import write_name
from dcgan.jobs.runs import find_run, is_alive, is_locked, list_runs, read_status
from dcgan.jobs.trainer_process import START_GRACE, TrainerProcess, wait_for
from dcgan.jobs.trash import empty_trash, find_in_trash, move_to_trash, restore_from_trash
from dcgan.jobs.uploads import PREFIX, Uploads
from dcgan.store import ModelStore
from dcgan.training.runlog import CONTROL_FILE, STATUS_FILE, read_config, write_config

TRAINER_LOCK, UPLOADS = ".trainer.lock", ".uploads"
STOP_GRACE = 60.0  # seconds a trainer may take to save before it is terminated
ABANDONED = 600.0  # seconds without a write after which a temporary file's writer is dead


@dataclass(frozen=True)
class Started:
    """A run that was just started, and the token that may stop it."""

    run: str
    token: str


class TrainingJobs:
    """Trainer processes over one folder of runs.

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
        self.limits, self.owners, self.admin, self.nice = limits, owners, admin, nice
        self.metrics, self.scores = CurveCache(METRICS, KEPT_RUNS), CurveCache(SCORES, KEPT_RUNS)
        self.uploads = Uploads(self.runs / UPLOADS, limits.uploads if limits else None)
        self._store = ModelStore(Path(checkpoints).absolute(), self.runs)
        self._mutex = threading.Lock()
        self._trainer: TrainerProcess | None = None  # the one that was started last
        for folder in (*self.runs.glob("*/"), *self.runs.glob("*/*/"), *self._store.checkpoints.glob("*/")):
            delete_temporaries(folder, idle=ABANDONED)
        empty_trash(self.runs)

    def start(self, data: str, preset: str, overrides: Mapping[str, Any] | None = None) -> Started:
        """Start a run on a data set: a spec, or "upload:<name>" as `uploads.keep` returned it.

        Raises ConfigError for a bad setting, CheckpointError for a model that is not there, DatasetError for a data set
        that may not be used here, RunError while another run is being trained.
        """
        config = configure(self.data_spec(data), preset, overrides or {}, self._store, self.limits)
        with self._mutex:
            self._refuse_while_busy()
            empty_trash(self.runs)
            if self.limits is not None:
                delete_oldest_visitors_runs(self.runs, self.limits.runs - 1)
            run = make_run_folder(self.runs, data)
            token = give_token(run)
            write_config(run, config)
            try:
                self._start_trainer(run, ["train", "--run", str(run)])
            except RunError:
                if not (run / STATUS_FILE).is_file():
                    shutil.rmtree(run, ignore_errors=True)  # no training happened in it
                raise
        return Started(run.name, token)

    def resume(self, run_id: str, token: str = "") -> Started:
        """Continue a run from its last state, or from the beginning where it kept none.

        Raises RunError when the run cannot be continued, or the token does not allow it.
        """
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        with self._mutex:
            status = read_status(run)
            self._refuse_while_busy()
            if not status["can_resume"]:
                raise RunError(f"The run {run.name} is {status.get('state')} and cannot be resumed; start a new one.")
            self._start_trainer(run, ["resume", str(run)])
        return Started(run.name, token)

    def stop(self, run_id: str, token: str = "", wait: float = 0.0) -> None:
        """Ask a run to save and stop; return at once, or when it has stopped, after at most `wait` seconds.

        A trainer that this app started and that has not exited after STOP_GRACE seconds is terminated; its last state
        remains. Raises RunError when the run is not being trained, or the token does not allow it.
        """
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        if not is_alive(run):
            raise RunError(f"The run {run.name} is not going on; there is nothing to stop.")
        write_atomic(run / CONTROL_FILE, b"stop")
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
        """Whether the token may stop, resume, rename and delete the run."""
        try:
            self._check_owner(find_run(self.runs, run_id), token)
        except RunError:
            return False
        return True

    def keep_upload(self, path: Path, name: str, visitor: str) -> str:
        """Keep a zip that a visitor sent; see `Uploads.keep`. The data set of the run being trained stays."""
        run = self.running()
        in_use = [Path(parse(read_config(self.runs / run).data).target)] if run is not None else []
        return self.uploads.keep(path, name, visitor, in_use)

    def is_private(self, run: Path) -> bool:
        """Whether a run's real pictures are its owner's alone: they are neither drawn here nor publicly known."""
        try:
            return self.owners and parse(read_config(run).data).kind not in PUBLIC_KINDS
        except (RunError, DatasetError):  # nothing is known of its pictures
            return self.owners

    def data_spec(self, data: str) -> str:
        """Return the spec that `open_dataset` takes for a requested data set. Raises DatasetError if it is refused."""
        if len(data) > 500 or not data.isprintable():
            raise DatasetError("A data set is named in one line of at most 500 characters.")
        if data.startswith(PREFIX):
            return self.uploads.spec(data)
        spec = check_spec(data)
        if self.limits is not None:
            self.limits.check_data(data)
        elif spec.kind in PATH_KINDS and not path_exists(spec.target):
            raise DatasetError(f"There is nothing at {spec.target} on this machine; check the path.")
        return data

    def close(self) -> None:
        """Let our trainer save and stop, and wait for it. The app calls this when it ends."""
        if self._trainer is not None:
            self._trainer.end(STOP_GRACE)

    def _refuse_while_busy(self) -> None:
        trainer = self._trainer
        if trainer is not None and not is_alive(trainer.run):
            trainer.end(START_GRACE)  # it has released its run, and may need a moment to exit
        run = self.running()  # started here, by another app on this folder, or from a shell
        if run or (trainer is not None and trainer.is_running) or is_locked(self.runs / TRAINER_LOCK):
            status = read_status(self.runs / run) if run else {}
            left = f", about {max(1, round(status['eta'] / 60))} min left" if status.get("eta") else ""
            raise RunError(f"A training run is going on already{left}; stop it first, or wait until it is done.")

    def _own_run(self, run_id: str, token: str) -> Path:
        """Return the folder of a run that the token allows to change. Raises RunError otherwise."""
        if not run_id:
            raise RunError("Say which run; its id is the name of its folder.")
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
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
