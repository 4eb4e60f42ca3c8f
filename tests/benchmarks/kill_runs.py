"""Kills training runs at random moments and checks that each goes on: `python tests/benchmarks/kill_runs.py`.

Every run is started as a person or the page would start it, ended by SIGKILL at a random moment, its first milliseconds
included, and continued by `resume` or by the same `train`; most are killed a second and a third time. In the end it
must equal a run that was never disturbed: the training state, the newest model and its critic bit for bit, the
positions of curves, scores and grids, and no temporary file is left. Takes some minutes. A benchmark, not a test.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from dcgan.cli import main as dcgan  # noqa: E402, found through the line above
from dcgan.config import make_config  # noqa: E402
from dcgan.jobs.run_status import read_status  # noqa: E402
from dcgan.training.runlog import write_config  # noqa: E402

SETTINGS = {
    **{"image_size": 32, "nz": 6, "ngf": 8, "ndf": 8, "batch": 8, "kimg": 0.2, "threads": 1, "precision": "fp32"},
    **{"log_every": 16, "line_every": 32, "sample_every": 32, "snapshot_every": 48, "state_every": 64},
    "eval_every": 150,
}
PRESET = "quick"
COMPARED = ("state.safetensors", "discriminator.safetensors", "snapshots/000000200.safetensors", "reals.jpg")
# A process forked from this one, which has imported torch: a kill then hits the run, and not the import.
FORK = multiprocessing.get_context("fork")


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill training runs at random moments; each must go on.")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    random.seed(args.seed)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="dcgan-kills-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        pictures = np.random.default_rng(0).integers(0, 256, (64, 32, 32, 3), dtype=np.uint8)
        np.save(data / "train.npy", pictures)
        straight = Path(folder) / "straight"
        seconds = min(timed_run(run, data) for run in (straight, Path(folder) / "again"))
        expected = contents(straight)
        print(f"the undisturbed run takes {seconds:.1f} s", flush=True)
        kills, runs, moments = 0, 0, []
        while kills < args.kills:
            run = Path(folder) / f"run{runs}"
            command = from_config(run, data) if random.random() < 0.5 else train_command(run, data)
            for _ in range(min(random.choice((1, 2, 3)), args.kills - kills)):
                if not kill(command, random.uniform(0, seconds)):
                    break  # it was faster, and is finished
                kills += 1
                moments.append(moment(run))
                command = go_on(run, command)
            if finish(command) != 0 and not is_finished(run):
                print(f"{run.name} does not go on after {moments[-1]}:", (run / "output").read_text())
                return 1
            if differing := [name for name, what in expected.items() if contents(run).get(name) != what]:
                print(f"{run.name} ended differently in {', '.join(differing)} after {moments[-1]}")
                return 1
            runs += 1
    early = sum(m.startswith(("before", "starting")) for m in moments)
    print(f"{kills} kills of {runs} runs, {early} of them before the first step: every run went on, none differs")
    return 0


def timed_run(run: Path, data: Path) -> float:
    """The seconds of an undisturbed run."""
    begun = time.monotonic()
    if finish(train_command(run, data)) != 0:
        sys.exit((run / "output").read_text("utf-8"))
    return time.monotonic() - begun


def train_command(run: Path, data: Path) -> list[str]:
    """The command with which a person starts the run."""
    settings = [f"{name}={value}" for name, value in SETTINGS.items()]
    return ["train", "--run", str(run), "--preset", PRESET, "--data", f"npy:{data}", "--set", *settings]


def from_config(run: Path, data: Path) -> list[str]:
    """The command with which the page starts the run, after it wrote config.json."""
    write_config(run, make_config(PRESET, f"npy:{data}", SETTINGS))
    return ["train", "--run", str(run)]


def go_on(run: Path, command: list[str]) -> list[str]:
    """The command that continues a killed run: resume, or the first one again while no state is saved."""
    if not (run / "config.json").is_file():
        return command
    if (run / "status.json").is_file():
        assert read_status(run)["can_resume"] or is_finished(run), f"the page offers no Resume: {read_status(run)}"
    if (run / "state.safetensors").is_file():
        return ["resume", str(run)]
    return random.choice((command, ["resume", str(run)]))


def start(command: list[str]) -> FORK.Process:
    def work() -> None:
        run = Path(command[2] if command[0] == "train" else command[1])
        run.mkdir(parents=True, exist_ok=True)
        output = os.open(run / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.exit(dcgan([*command, "--device", "cpu"]))

    process = FORK.Process(target=work)
    process.start()
    return process


def finish(command: list[str]) -> int:
    """Let the command run to its end; its exit status."""
    process = start(command)
    process.join()
    return process.exitcode


def kill(command: list[str], seconds: float) -> bool:
    """Start the command and kill it so many seconds later; whether it was still running then."""
    process = start(command)
    process.join(seconds)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def moment(run: Path) -> str:
    """What the killed trainer had last said of itself."""
    try:
        status = json.loads((run / "status.json").read_text("utf-8"))
    except OSError:
        return "before the first status"
    return f"{status['state']} at {status['nimg']} pictures"


def is_finished(run: Path) -> bool:
    return moment(run).startswith("finished")


def contents(run: Path) -> dict[str, object]:
    """What two equal runs have in common: hashes of models and of the state, and which positions are reported."""
    found: dict[str, object] = {
        name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in COMPARED if (run / name).is_file()
    }
    for name in ("metrics.jsonl", "scores.jsonl"):
        found[name] = [json.loads(line)["nimg"] for line in (run / name).read_text("utf-8").splitlines()]
    for name in ("samples", "snapshots", "best"):
        found[name] = sorted(path.name for path in (run / name).iterdir())
    found["temporary files"] = [str(path.relative_to(run)) for path in run.rglob(".*.tmp")]
    return found


if __name__ == "__main__":
    sys.exit(main())
