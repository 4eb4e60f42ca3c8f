"""Writing of a run folder. The page, the command line and resume know a run by these files alone.

config.json  every setting, written before the trainer starts       status.json  the run's state in a few numbers
metrics.jsonl  scores.jsonl  train.log  control  lock
reals.jpg  samples/<nimg>.jpg  snapshots/<nimg>.safetensors  discriminator.safetensors  state.safetensors
best/  a checkpoint of the best model so far        tensorboard/
"""

from __future__ import annotations

import json
import os
import shutil
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from dcgan.checkpoint import DISCRIMINATOR_FILE, GENERATOR_FILE, save_discriminator, save_generator
from dcgan.config import TrainConfig, from_dict, to_dict
from dcgan.errors import ConfigError, RunError
from dcgan.files import write_atomic
from dcgan.images import encode, grid, to_pil
from dcgan.models import Discriminator, Generator
from dcgan.store import BEST_FOLDER
from dcgan.training.step import TrainState

CONFIG_FILE, STATUS_FILE, METRICS_FILE, SCORES_FILE = "config.json", "status.json", "metrics.jsonl", "scores.jsonl"
LOG_FILE, CONTROL_FILE, LOCK_FILE = "train.log", "control", "lock"


def write_config(run: Path, config: TrainConfig) -> None:
    """Write the run's config.json."""
    _write_json(run / CONFIG_FILE, to_dict(config))


def read_config(run: Path) -> TrainConfig:
    """Read the run's config.json. Raises RunError if it is missing or invalid."""
    try:
        return from_dict(json.loads((run / CONFIG_FILE).read_text("utf-8")))
    except (OSError, ValueError, AttributeError, ConfigError) as error:
        raise RunError(f"{run} holds no readable {CONFIG_FILE} ({error}).") from None


class RunLog:
    """Writes the files of one run. Each is replaced atomically, or grows by whole lines."""

    def __init__(self, run: Path) -> None:
        self.run = Path(run)
        for folder in ("samples", "snapshots", "tensorboard"):
            (self.run / folder).mkdir(parents=True, exist_ok=True)
        self._status: dict[str, Any] = {"run": self.run.name, "pid": os.getpid(), "started": time.time()}
        self.scores: list[dict[str, float]] = []  # of the cheap evaluations so far
        self._seconds_before = 0.0
        self._board: SummaryWriter | None = None

    def config(self, config: TrainConfig) -> None:
        write_config(self.run, config)

    def status(self, **fields: Any) -> None:
        """Update the named fields of status.json and its time stamp."""
        self._status.update(fields, updated=time.time())
        _write_json(self.run / STATUS_FILE, self._status)

    def line(self, text: str) -> None:
        """Print a line and append it to train.log."""
        print(text, flush=True)
        with (self.run / LOG_FILE).open("a", encoding="utf-8") as file:
            file.write(text + "\n")

    def metrics(self, nimg: int, values: Mapping[str, float]) -> None:
        """Append a line to metrics.jsonl and write the numbers as TensorBoard scalars."""
        seconds = round(self._seconds_before + time.time() - self._status["started"], 2)
        rounded = {name: float(f"{value:.6g}") for name, value in values.items()}
        with (self.run / METRICS_FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"nimg": nimg, "seconds": seconds, **rounded}) + "\n")
        for name, value in values.items():
            self._writer().add_scalar(name, value, nimg)

    def score(self, nimg: int, values: Mapping[str, float]) -> None:
        """Append a line to scores.jsonl and to `scores`, and write the numbers as TensorBoard scalars."""
        line = {"nimg": nimg, **{name: float(f"{value:.6g}") for name, value in values.items()}}
        self.scores.append(line)
        with (self.run / SCORES_FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        for name, value in values.items():
            self._writer().add_scalar(name, value, nimg)

    def continue_from(self, nimg: int) -> None:
        """Delete metrics and scores beyond `nimg`, which the resumed run will write again.

        A run that starts again at 0 also deletes the grids and models of the earlier attempt, whose settings may
        differ.
        """
        kept = self._trim(METRICS_FILE, nimg)
        self._seconds_before = kept[-1]["seconds"] if kept else 0.0
        self.scores = self._trim(SCORES_FILE, nimg)
        if nimg == 0:
            for path in (*self.run.glob("samples/[0-9]*.jpg"), *self.run.glob("snapshots/[0-9]*.safetensors")):
                if path.stem.strip("0"):  # keep the grid of 0 pictures, which was just drawn
                    path.unlink()
            shutil.rmtree(self.run / BEST_FOLDER, ignore_errors=True)

    def _trim(self, name: str, nimg: int) -> list[dict[str, float]]:
        path = self.run / name
        if not path.is_file():
            return []
        kept = [text for text in path.read_text("utf-8").splitlines() if _nimg_of(text) <= nimg]
        write_atomic(path, "".join(text + "\n" for text in kept).encode())
        return [json.loads(text) for text in kept]

    def graphs(self, state: TrainState, nz: int) -> None:
        """Write the graph of each network for TensorBoard, in separate folders because a folder shows one graph."""
        device = next(state.G.parameters()).device
        z = torch.zeros(1, nz, 1, 1, device=device)
        examples: dict[str, tuple[nn.Module, Tensor]] = {"G": (state.G, z), "D": (state.D, state.G_ema(z))}
        for name, (network, example) in examples.items():
            was_training = network.training
            network.eval()
            with SummaryWriter(str(self.run / "tensorboard" / name)) as writer, warnings.catch_warnings():
                # SummaryWriter.add_graph uses tracing, which torch has deprecated
                warnings.simplefilter("ignore", FutureWarning)
                warnings.filterwarnings("ignore", "Converting a tensor")  # sizes in the graph are the example's
                writer.add_graph(network, example)
            network.train(was_training)

    def reals(self, pictures: Tensor) -> None:
        """Save a grid of real pictures, uint8 [N, nc, S, S]."""
        write_atomic(self.run / "reals.jpg", encode(to_pil(grid(pictures, 8)), "jpeg"))

    def samples(self, nimg: int, pictures: Tensor) -> None:
        """Save a grid of generated pictures, uint8 [N, nc, S, S]."""
        sheet = grid(pictures, 8)
        write_atomic(self.run / "samples" / f"{nimg:09d}.jpg", encode(to_pil(sheet), "jpeg"))
        self._writer().add_image("samples", sheet, nimg)

    def snapshot(self, nimg: int, G: Generator, D: Discriminator, info: dict[str, Any], keep: int) -> None:
        """Save G as a snapshot and D beside it; only the newest `keep` snapshots of G are kept."""
        folder = self.run / "snapshots"
        save_discriminator(self.run / DISCRIMINATOR_FILE, D, info)
        save_generator(folder / f"{nimg:09d}.safetensors", G, info)
        for old in sorted(folder.glob("[0-9]*.safetensors"))[:-keep]:
            old.unlink()

    def best(self, G: Generator, D: Discriminator, info: dict[str, Any]) -> None:
        """Save the best model so far, in the layout of a checkpoint folder."""
        save_discriminator(self.run / BEST_FOLDER / DISCRIMINATOR_FILE, D, info)
        save_generator(self.run / BEST_FOLDER / GENERATOR_FILE, G, info)

    def stop_asked(self) -> bool:
        """Return whether the control file says "stop"."""
        control = self.run / CONTROL_FILE
        return control.is_file() and control.read_text("utf-8").strip() == "stop"

    def clear_control(self) -> None:
        (self.run / CONTROL_FILE).unlink(missing_ok=True)

    def close(self) -> None:
        if self._board is not None:
            self._board.close()

    def _writer(self) -> SummaryWriter:
        if self._board is None:
            self._board = SummaryWriter(str(self.run / "tensorboard"))
        return self._board


def _write_json(path: Path, values: Mapping[str, Any]) -> None:
    write_atomic(path, json.dumps(values, indent=1).encode())


def _nimg_of(line: str) -> float:
    """Return the nimg of a metrics line; infinity for a line that a crash cut short."""
    try:
        return float(json.loads(line)["nimg"])
    except (ValueError, KeyError, TypeError):
        return float("inf")
