"""How fast each preset trains on this machine: as its newest runs did, or else as a quick measurement says."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from contextlib import suppress
from pathlib import Path

import torch

from dcgan.config import TrainConfig, make_config
from dcgan.device import choose_device
from dcgan.errors import RunError
from dcgan.jobs.child_process import start_command
from dcgan.jobs.runs import is_alive, list_runs, read_latest_metrics
from dcgan.presets import PRESETS
from dcgan.training.runlog import read_config

RUNS_FOR_SPEED = 20  # number of newest runs that are searched for a measured speed
LOWEST_PRIORITY = 19


class PresetSpeeds:
    """The pictures per second of each preset. The quick measurement is kept in the folder of runs."""

    def __init__(self, runs: Path, device: str | None = None) -> None:
        self._runs = runs
        self._device = choose_device(device)
        self._process: subprocess.Popen[bytes] | None = None

    def read(self) -> dict[str, float]:
        """Return what is known by now; a preset may be missing."""
        if self._is_training():
            self.close()  # beside a trainer the steps would be measured as too slow
        measured: dict[str, float] = {}
        with suppress(OSError, ValueError):
            measured = json.loads(self._file.read_text("utf-8"))
        return measured | speeds_of_runs(self._runs)

    def measure(self) -> None:
        """Measure presets in a process of lowest priority, unless that was done before or a run is being trained.

        It returns at once; the process takes about half a minute. If it fails, the page shows no estimate.
        """
        if not self._file.is_file() and self._process is None and not self._is_training():
            options = ["--out", str(self._file), "--device", str(self._device), "--nice", str(LOWEST_PRIORITY)]
            self._process = start_command(["speeds", *options], {})

    def close(self) -> None:
        """End a measurement that goes on; the next start of the app does it again."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _is_training(self) -> bool:
        return any(is_alive(self._runs / run) for run in list_runs(self._runs)[:RUNS_FOR_SPEED])

    @property
    def _file(self) -> Path:
        """Another processor or another PyTorch has another speed, so each has a file of its own."""
        capability = torch.backends.cpu.get_cpu_capability()
        machine = f"{self._device.type}-{capability}-{os.cpu_count()}-{torch.__version__}"
        return self._runs / f".speeds-{''.join(c if c.isalnum() or c in '.-' else '_' for c in machine)}.json"


def speeds_of_runs(runs: Path) -> dict[str, float]:
    """Return the pictures per second of each preset on this machine: the median over its newest runs.

    A run whose settings make a step longer or shorter than the preset's does not count. The median is not changed by
    moments in which other programs were busy.
    """
    speeds: dict[str, list[float]] = {}
    for run in list_runs(runs)[:RUNS_FOR_SPEED]:
        with suppress(RunError, FileNotFoundError):  # a run that cannot be read, or is being deleted
            config = read_config(runs / run)
            if config.preset in PRESETS and _step_settings(config) == _step_settings(make_config(config.preset, "-")):
                lines = read_latest_metrics(runs / run)
                speeds.setdefault(config.preset, []).extend(line["speed"] for line in lines if line.get("speed"))
    return {preset: statistics.median(values) for preset, values in speeds.items() if values}


def _step_settings(config: TrainConfig) -> tuple[object, ...]:
    """The settings on which the time of a training step depends."""
    penalties = (config.r1_gamma > 0, config.r2_gamma > 0, config.r1_every)
    return config.model, config.batch, config.loss, penalties, config.augment_names, config.negatives > 0
