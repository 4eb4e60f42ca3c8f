"""The supervisor: starts, stops and resumes trainer processes, one at a time, for visitors who may do so.

Files are the only channel to a trainer. It is a process of its own (`python -m dcgan train`), so a closed page does not
end it; it saves and stops when this process goes away, so no orphan is left. Who may train at all is decided by a lock
file that the trainer itself holds, so that two apps on one folder cannot start two.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.config import TrainConfig, make_config
from dcgan.errors import ConfigError, RunError
from dcgan.images import write_whole
from dcgan.runs import find_run, is_alive, is_held, list_runs, read_status
from dcgan.training.runlog import CONTROL_FILE

OWNER_FILE, OUTPUT_FILE, TRAINER_LOCK, UPLOADS = "owner", "output.log", ".trainer.lock", ".uploads"
START_GRACE = 30.0  # seconds a trainer may take to import torch and take its lock
STOP_GRACE = 60.0  # seconds a trainer may take to save before it is ended by force


@dataclass(frozen=True)
class Limits:
    """What a public visitor may ask of the machine."""

    kimg: float = 200.0
    image_size: int = 64
    width: int = 64
    batch: int = 128
    upload_bytes: int = 200 * 2**20

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
    one's own machine; `admin` is a token that always may.
    """

    def __init__(
        self, runs: Path, limits: Limits | None = None, owners: bool = True, admin: str = "", nice: int = 10
    ) -> None:
        self.runs = Path(runs)
        self.limits, self.owners, self.admin, self.nice = limits, owners, admin, nice
        self._mutex = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, data: str, preset: str, overrides: Mapping[str, Any] | None = None) -> Started:
        """Starts a run on a data set. Raises ConfigError for a bad setting, RunError while another run is going on."""
        config = make_config(preset, data, overrides)
        if self.limits is not None:
            self.limits.check(config)
        settings = [f"{name}={value}" for name, value in (overrides or {}).items()]
        with self._mutex:
            self._refuse_while_busy()
            run = self._new_folder(data)
            token = secrets.token_urlsafe(24)
            write_whole(run / OWNER_FILE, _digest(token).encode())
            self._spawn(run, ["train", "--data", data, "--preset", preset, "--run", str(run)], settings)
        return Started(run.name, token)

    def resume(self, run_id: str, token: str = "") -> Started:
        """Goes on with a run from its last state. Raises RunError when it cannot, or is not the token's to resume."""
        run = find_run(self.runs, run_id)
        self._check_owner(run, token)
        with self._mutex:
            status = read_status(run)
            self._refuse_while_busy()
            if not status["can_resume"]:
                raise RunError(f"The run {run.name} is {status['state']} and cannot be resumed; start a new one.")
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
        write_whole(run / CONTROL_FILE, b"stop")
        if self._process is not None:
            threading.Thread(target=_end, args=(self._process, STOP_GRACE), daemon=True).start()
        until = time.monotonic() + wait
        while time.monotonic() < until and is_alive(run):
            time.sleep(0.1)

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

    def keep_upload(self, path: Path) -> str:
        """Takes an uploaded zip in, named by its content, so that a resumed run finds it again. → its data spec."""
        if self.limits is not None and path.stat().st_size > self.limits.upload_bytes:
            raise ConfigError(f"On this public page a zip may have at most {self.limits.upload_bytes >> 20} MiB.")
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
        name = digest.hexdigest()[:24]
        kept = self.runs / UPLOADS / f"{name}.zip"
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(".part")
            shutil.copyfile(path, partial)
            partial.replace(kept)
        return f"zip:{kept}"

    def close(self) -> None:
        """Lets our trainer save and stop, and waits for it. Called when the app ends."""
        if self._process is not None:
            _end(self._process, STOP_GRACE)

    def _refuse_while_busy(self) -> None:
        ours = self._process is not None and self._process.poll() is None
        if ours or is_held(self.runs / TRAINER_LOCK):
            status = read_status(self.runs / run) if (run := self.running()) else {}
            left = f", about {max(1, round(status['eta'] / 60))} min left" if status.get("eta") else ""
            raise RunError(f"A training run is going on already{left}; stop it first, or wait until it is done.")

    def _check_owner(self, run: Path, token: str) -> None:
        if not self.owners or (self.admin and hmac.compare_digest(token, self.admin)):
            return
        owner = run / OWNER_FILE
        known = owner.read_text("utf-8") if owner.is_file() else ""
        if not known or not hmac.compare_digest(_digest(token), known):
            raise RunError(f"The run {run.name} belongs to another visitor, who alone may stop or resume it.")

    def _new_folder(self, data: str) -> Path:
        source, _, rest = data.partition(":")
        label = source if source in ("doodles", "zip") else Path(rest.partition("?")[0]).name
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
        # Into a file: a pipe that nobody reads would block the trainer. It stays in our session, since Linux weighs
        # priorities within a session only, and leaves our process group by itself, so that Ctrl-C does not reach it.
        with (run / OUTPUT_FILE).open("ab") as output:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=Path(__file__).resolve().parents[1],
            )
        self._process = process
        until = time.monotonic() + START_GRACE
        while not is_alive(run) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        if process.poll() not in (None, 0) and not is_alive(run):
            raise RunError(_last_line(run / OUTPUT_FILE))


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
