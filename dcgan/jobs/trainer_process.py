"""One trainer process: start it on a run's folder, wait for it, end it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from dcgan.errors import RunError
from dcgan.jobs.child_process import start_command
from dcgan.training.runlog import STATUS_FILE

OUTPUT_FILE = "output.log"
START_GRACE = 60.0  # seconds a trainer may take to import torch and write its first status
KILL_GRACE = 5.0  # seconds between SIGTERM and SIGKILL


class TrainerProcess:
    """`python -m dcgan COMMAND`, whose output goes to output.log in the run's folder.

    The trainer saves and stops when its standard input closes, which also happens when this process dies.
    """

    def __init__(self, run: Path, command: list[str], environment: Mapping[str, str]) -> None:
        self.run = run
        self._begun = time.time()
        # Output goes to a file, because a pipe that nobody reads would block the trainer. The trainer stays in our
        # session, since Linux weighs priorities within a session only. It leaves our process group by itself, so that
        # Ctrl-C does not reach it.
        with (run / OUTPUT_FILE).open("ab") as output:
            self._process = start_command(
                [*command, "--stop-with-stdin"], environment, stdin=subprocess.PIPE, stdout=output
            )

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_until_started(self) -> None:
        """Return once the trainer has written its first status.

        Raises RunError with the trainer's last line of output if it ends before that, or ends it if it takes too long.
        """
        wait_for(lambda: not self.is_running or self._has_written_status(), START_GRACE)
        if self._has_written_status():
            return
        if self.is_running:
            self.end(0.0)
            raise RunError("The trainer did not start in time; this machine may be too busy. Try again.")
        raise RunError(_last_line(self.run / OUTPUT_FILE))

    def end(self, grace: float) -> None:
        """Let the trainer save and exit within `grace` seconds; then terminate it; then kill it."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        for force in (self._process.terminate, self._process.kill):
            try:
                self._process.wait(grace)
                return
            except subprocess.TimeoutExpired:
                force()
                grace = KILL_GRACE
        self._process.wait()

    def _has_written_status(self) -> bool:
        """Whether the run's status.json is this process's, and not an earlier trainer's."""
        try:
            status = json.loads((self.run / STATUS_FILE).read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return bool(status["started"] >= self._begun)


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    """Return as soon as the condition holds, or after so many seconds."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)


def _last_line(path: Path) -> str:
    """The trainer's last line of output, which is its error."""
    lines = [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("dcgan: ") if lines else "The trainer ended at once without an error message."
