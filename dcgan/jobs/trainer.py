"""The supervisor: starts, stops and resumes trainer processes, one at a time, for visitors who may do so.

Files are the only channel to a trainer. It is a process of its own (`python -m dcgan train`), so a closed page does not
end it; it saves and stops when this process goes away, so no orphan is left. Who may train at all is decided by a lock
file that the trainer itself holds, so that two apps on one folder cannot start two.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.config import TrainConfig, make_config
from dcgan.data import check_public
from dcgan.data.spec import parse
from dcgan.errors import ConfigError, DatasetError, RunError
from dcgan.files import write_atomic
from dcgan.jobs.runs import find_run, is_alive, is_held, list_runs, read_status
from dcgan.jobs.uploads import PREFIX, Uploads
from dcgan.training.runlog import CONTROL_FILE, STATUS_FILE

OWNER_FILE, OUTPUT_FILE, TRAINER_LOCK, UPLOADS = "owner", "output.log", ".trainer.lock", ".uploads"
PATH_KINDS = ("npy", "folder", "zip")
START_GRACE = 60.0  # seconds a trainer may take to import torch and take its lock
STOP_GRACE = 60.0  # seconds a trainer may take to save before it is ended by force


@dataclass(frozen=True)
class Limits:
    """What a public visitor may ask of the machine."""

    kimg: float = 200.0
    image_size: int = 64
    width: int = 64
    batch: int = 128
    upload_bytes: int = 200 * 2**20
    uploads: int = 10  # kept; the ones not used for longest make room
    runs: int = 30  # kept, of those that were started here

    def check(self, config: TrainConfig) -> None:
        """Raises ConfigError for a run that is larger than allowed here."""
        model = config.model
        asked = {
            "kimg": (config.kimg, self.kimg),
            "image_size": (model.image_size, self.image_size),
            "ngf": (model.ngf, self.width),
            "ndf": (model.ndf, self.width),
            "nz": (model.nz, 256),
            "batch": (config.batch, self.batch),
        }
        for name, (value, limit) in asked.items():
            if value > limit:
                raise ConfigError(f"On this public page {name} is at most {limit:g}, not {value:g}.")
        if config.kimg == 0:
            raise ConfigError(f"On this public page the length is given as kimg, at most {self.kimg:g}.")


@dataclass(frozen=True)
class Started:
    """A run that was just set going, and the token that may stop it."""

    run: str
    token: str


class Jobs:
    """Trainer processes over one folder of runs.

    `limits` bound what may be asked for (None: no bound). With `owners` off anyone may stop and resume any run, as on
    one's own machine; `admin` is a token that always may. `checkpoints` holds the models a run may begin with.
    """

    def __init__(
        self,
        runs: Path,
        limits: Limits | None = None,
        owners: bool = True,
        admin: str = "",
        nice: int = 10,
        checkpoints: Path = Path("checkpoints"),
    ) -> None:
        self.runs, self.checkpoints = Path(runs).absolute(), Path(checkpoints).absolute()
        bounds = (limits.upload_bytes, limits.uploads) if limits else (None, None)
        self.uploads = Uploads(self.runs / UPLOADS, *bounds)
        self.limits, self.owners, self.admin, self.nice = limits, owners, admin, nice
        self._mutex = threading.Lock()
        self._trainer: tuple[str, subprocess.Popen[bytes]] | None = None  # the run it is at work on, and the process

    def start(self, data: str, preset: str, overrides: Mapping[str, Any] | None = None) -> Started:
        """Starts a run on a data set: a spec, or "upload:<name>" as `uploads.keep` gave it.

        Raises ConfigError for a bad setting, DatasetError for a data set that may not be used here, RunError while
        another run is going on.
        """
        spec = self.data_spec(data)
        config = make_config(preset, spec, overrides)
        if self.limits is not None:
            self.limits.check(config)
        settings = [f"{name}={value}" for name, value in (overrides or {}).items()]
        with self._mutex:
            self._refuse_while_busy()
            self._make_room()
            run = self._new_folder(data)
            token = secrets.token_urlsafe(24)
            write_atomic(run / OWNER_FILE, _digest(token).encode())
            try:
                self._spawn(run, ["train", "--data", spec, "--preset", preset, "--run", str(run)], settings)
            except RunError:
                if not (run / STATUS_FILE).is_file():
                    shutil.rmtree(run, ignore_errors=True)  # it never became a run
                raise
        return Started(run.name, token)

    def resume(self, run_id: str, token: str = "") -> Started:
        """Goes on with a run from its last state. Raises RunError when it cannot, or is not the token's to resume."""
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        with self._mutex:
            status = read_status(run)
            self._refuse_while_busy()
            if not status["can_resume"]:
                raise RunError(f"The run {run.name} is {status.get('state')} and cannot be resumed; start a new one.")
            self._spawn(run, ["resume", str(run)], [])
        return Started(run.name, token)

    def stop(self, run_id: str, token: str = "", wait: float = 0.0) -> None:
        """Asks a run to save and stop, and sees to it that it does; with `wait`, returns once it did, or after so long.

        A trainer of ours that has not ended after STOP_GRACE seconds is ended by force; its last state remains.
        Raises RunError when the run is not going on, or is not the token's to stop.
        """
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        if not is_alive(run):
            raise RunError(f"The run {run.name} is not going on; there is nothing to stop.")
        write_atomic(run / CONTROL_FILE, b"stop")
        if self._trainer is not None and self._trainer[0] == run.name:
            threading.Thread(target=_end, args=(self._trainer[1], STOP_GRACE), daemon=True).start()
        _wait(lambda: not is_alive(run), wait)

    def status(self, run_id: str = "") -> dict[str, Any]:
        """The state of a run, by default the newest. Raises RunError when there is none."""
        return read_status(find_run(self.runs, run_id))

    def running(self) -> str | None:
        """The id of the run that is being trained in this folder, by whomever; None when none is."""
        return next((run for run in list_runs(self.runs) if is_alive(self.runs / run)), None)

    def may_control(self, run_id: str, token: str) -> bool:
        """Whether the token may stop and resume the run."""
        try:
            self._check_owner(find_run(self.runs, run_id), token)
        except RunError:
            return False
        return True

    def data_spec(self, data: str) -> str:
        """What `open_dataset` takes for a data set that was asked for here. Raises DatasetError where it may not be."""
        if len(data) > 500 or not data.isprintable():
            raise DatasetError("A data set is named in one line of at most 500 characters.")
        if data.startswith(PREFIX):
            return self.uploads.spec(data)
        if self.limits is not None:
            check_public(data)
        else:
            spec = parse(data)
            if spec.kind in PATH_KINDS and not Path(spec.target).expanduser().exists():
                raise DatasetError(f"There is nothing at {spec.target} on this machine; check the path.")
        return data

    def close(self) -> None:
        """Lets our trainer save and stop, and waits for it. Called when the app ends."""
        if self._trainer is not None:
            _end(self._trainer[1], STOP_GRACE)

    def _refuse_while_busy(self) -> None:
        if self._trainer is not None and not is_alive(self.runs / self._trainer[0]):
            _end(self._trainer[1], START_GRACE)  # its work is done; the process may need a moment to leave
        ours = self._trainer is not None and self._trainer[1].poll() is None
        run = self.running()  # of ours, of another app on this folder, or of the command line
        if ours or run or is_held(self.runs / TRAINER_LOCK):
            status = read_status(self.runs / run) if run else {}
            left = f", about {max(1, round(status['eta'] / 60))} min left" if status.get("eta") else ""
            raise RunError(f"A training run is going on already{left}; stop it first, or wait until it is done.")

    def _make_room(self) -> None:
        """Under limits, removes the oldest runs that visitors started, so that the disk does not fill."""
        if self.limits is None:
            return
        ours = [run for run in list_runs(self.runs) if (self.runs / run / OWNER_FILE).is_file()]
        for old in ours[self.limits.runs - 1 :]:
            shutil.rmtree(self.runs / old, ignore_errors=True)

    def _check_owner(self, run: Path, token: str) -> None:
        if not self.owners or (self.admin and hmac.compare_digest(token, self.admin)):
            return
        owner = run / OWNER_FILE
        known = owner.read_text("utf-8") if owner.is_file() else ""
        if not known or not hmac.compare_digest(_digest(token), known):
            raise RunError(f"The run {run.name} belongs to another visitor, who alone may stop or resume it.")

    def _new_folder(self, data: str) -> Path:
        source, rest = re.split(r"[:?]|$", data.strip(), maxsplit=1)
        label = source if source in ("doodles", "zip", "upload") else Path(rest.partition("?")[0]).name
        label = re.sub(r"[^A-Za-z0-9_-]+", "-", label).strip("-")[:40] or "run"
        stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{label}"
        for number in range(1, 1000):
            run = self.runs / (stem if number == 1 else f"{stem}-{number}")
            try:
                run.mkdir(parents=True)
                return run
            except FileExistsError:
                continue
            except OSError as error:
                raise RunError(
                    f"No run can be kept in {self.runs} ({error}); set DCGAN_RUNS to a folder that can."
                ) from None
        raise RunError(f"{self.runs} holds too many runs of the same second; try again.")

    def _spawn(self, run: Path, command: list[str], settings: list[str]) -> None:
        arguments = [sys.executable, "-m", "dcgan", *command, "--nice", str(self.nice), "--stop-with-stdin"]
        arguments += ["--exclusive", str(self.runs / TRAINER_LOCK)]
        for setting in settings:
            arguments += ["--set", setting]
        begun = time.time()
        # Into a file: a pipe that nobody reads would block the trainer. It stays in our session, since Linux weighs
        # priorities within a session only, and leaves our process group by itself, so that Ctrl-C does not reach it.
        with (run / OUTPUT_FILE).open("ab") as output:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    "PYTHONPATH": _python_path(),
                    # where a run finds the model it is to begin with
                    "DCGAN_CHECKPOINTS": str(self.checkpoints),
                    "DCGAN_RUNS": str(self.runs),
                },
            )
        self._trainer = (run.name, process)
        _wait(lambda: process.poll() is not None or _has_begun(run, begun), START_GRACE)
        if not _has_begun(run, begun):
            if process.poll() is None:
                _end(process, 0.0)
                raise RunError("The trainer did not begin in time; this machine may be too busy. Try again.")
            raise RunError(_last_line(run / OUTPUT_FILE))


def _python_path() -> str:
    """Where the trainer finds this package, whatever folder the app was started in."""
    here = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))


def _has_begun(run: Path, since: float) -> bool:
    """Whether a trainer that was started at that moment has said its first word in the run's folder."""
    try:
        status = json.loads((run / STATUS_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(status["started"] >= since)


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    """Returns as soon as the condition holds, or after so long."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    """Lets a trainer save and leave; then asks louder; then ends it."""
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    for louder in (process.terminate, process.kill):
        try:
            process.wait(grace)
            return
        except subprocess.TimeoutExpired:
            louder()
            grace = 5.0
    process.wait()


def _last_line(path: Path) -> str:
    """What the trainer said last: its errors are one sentence."""
    lines = [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("dcgan: ") if lines else "The trainer ended at once, without a word."


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
