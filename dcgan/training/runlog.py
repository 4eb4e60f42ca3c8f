"""Writing of a run folder. The page, the command line and resume know a run by these files alone.

config.json  every setting, written before the trainer starts       status.json  the run's state in a few numbers
metrics.jsonl  scores.jsonl  train.log  lock
control      orders to the trainer, see control.py             queued       while the run waits to be trained
reals.jpg  samples/<nimg>.jpg  snapshots/<nimg>.safetensors  snapshots/discriminator-<nimg>.safetensors
discriminator.safetensors  (that of the newest snapshot)  state.safetensors
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
from dcgan.files import delete_temporaries, write_atomic
from dcgan.images import encode, grid, to_pil
from dcgan.models import Discriminator, Generator
from dcgan.store import BEST_FOLDER, SNAPSHOTS, SNAPSHOTS_FOLDER
from dcgan.training.state import STATE_FILE, save_state
from dcgan.training.step import TrainState

CONFIG_FILE, STATUS_FILE, METRICS_FILE, SCORES_FILE = "config.json", "status.json", "metrics.jsonl", "scores.jsonl"
LOG_FILE, LOCK_FILE, QUEUED_FILE, REALS_FILE = "train.log", "lock", "queued", "reals.jpg"
SAMPLES_FOLDER = "samples"
# Files in the run's folder that only its trainer writes, through temporary files
TRAINER_FILES = (STATUS_FILE, METRICS_FILE, SCORES_FILE, REALS_FILE, STATE_FILE, DISCRIMINATOR_FILE)


def write_config(run: Path, config: TrainConfig) -> None:
    """Write the run's config.json."""
    _write_json(run / CONFIG_FILE, to_dict(config))


def read_config(run: Path) -> TrainConfig:
    """Read the run's config.json. Raises RunError if it is missing or invalid."""
    try:
        return from_dict(json.loads((run / CONFIG_FILE).read_text("utf-8")))
    except FileNotFoundError:
        raise RunError(
            f"{run} holds no {CONFIG_FILE}, so there is no run to resume; start one with `python -m dcgan train`."
        ) from None
    except (OSError, ValueError, AttributeError, ConfigError) as error:
        raise RunError(f"{run / CONFIG_FILE} cannot be read ({error}); start another run in another folder.") from None


def write_status(run: Path, fields: Mapping[str, Any]) -> None:
    """Write the status.json of a run that no trainer works on, which therefore has no process and was not started."""
    _write_json(run / STATUS_FILE, {"run": run.name, "started": 0.0, **fields, "updated": time.time()})


class RunLog:
    """Writes the files of one run. Each is replaced atomically, or grows by whole lines."""

    def __init__(self, run: Path) -> None:
        self.run = Path(run)
        for folder in (SAMPLES_FOLDER, SNAPSHOTS_FOLDER, "tensorboard"):
            (self.run / folder).mkdir(parents=True, exist_ok=True)
            delete_temporaries(self.run / folder)
        for name in TRAINER_FILES:
            delete_temporaries(self.run, name)
        self._status: dict[str, Any] = {
            "run": self.run.name,
            "pid": os.getpid(),
            "started": time.time(),
            "state_saved": (self.run / STATE_FILE).is_file(),
        }
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

    def evaluation(self, nimg: int, values: Mapping[str, float]) -> None:
        """Append a line to scores.jsonl and to `scores`, and write the numbers as TensorBoard scalars."""
        line = {"nimg": nimg, **{name: float(f"{value:.6g}") for name, value in values.items()}}
        self.scores.append(line)
        with (self.run / SCORES_FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        for name, value in values.items():
            self._writer().add_scalar(name, value, nimg)

    def continue_from(self, nimg: int) -> None:
        """Delete metrics, scores, grids and snapshots beyond `nimg`, which the resumed run will write again.

        Its settings may differ from those of the attempt that made them. A run that starts again at 0 also deletes the
        earlier attempt's best model.
        """
        kept = self._trim(METRICS_FILE, nimg)
        self._seconds_before = kept[-1]["seconds"] if kept else 0.0
        self.scores = self._trim(SCORES_FILE, nimg)
        for path in (*self.run.glob(f"{SAMPLES_FOLDER}/[0-9]*.jpg"), *self.run.glob(SNAPSHOTS)):
            if path.stem.isdecimal() and int(path.stem) > nimg:
                _delete_with_companions(path)
        if nimg == 0:
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
        write_atomic(self.run / REALS_FILE, encode(to_pil(grid(pictures, 8)), "jpeg"))

    def samples(self, nimg: int, pictures: Tensor) -> None:
        """Save a grid of generated pictures, uint8 [N, nc, S, S]."""
        sheet = grid(pictures, 8)
        write_atomic(self.run / SAMPLES_FOLDER / f"{nimg:09d}.jpg", encode(to_pil(sheet), "jpeg"))
        self._writer().add_image("samples", sheet, nimg)

    def snapshot(self, nimg: int, G: Generator, D: Discriminator, info: dict[str, Any], keep: int) -> None:
        """Save both networks as a snapshot, and D once more as the run's; only the newest `keep` snapshots are kept."""
        path = self.run / SNAPSHOTS_FOLDER / f"{nimg:09d}.safetensors"
        save_discriminator(self.run / DISCRIMINATOR_FILE, D, info)
        save_discriminator(path.with_name(f"discriminator-{path.name}"), D, info)
        save_generator(path, G, info)
        for old in sorted(self.run.glob(SNAPSHOTS))[:-keep]:
            _delete_with_companions(old)

    def best(self, G: Generator, D: Discriminator, info: dict[str, Any]) -> None:
        """Save the best model so far, in the layout of a checkpoint folder."""
        save_discriminator(self.run / BEST_FOLDER / DISCRIMINATOR_FILE, D, info)
        save_generator(self.run / BEST_FOLDER / GENERATOR_FILE, G, info)

    def state(self, state: TrainState) -> None:
        """Save the training state, and note in status.json that the run has one."""
        save_state(self.run / STATE_FILE, state)
        self.status(state_saved=True)

    @property
    def state_saved(self) -> bool:
        """Whether the run has a training state from which it can be resumed."""
        return bool(self._status["state_saved"])

    def leave_queue(self) -> None:
        """Delete the file that says that the run waits to be trained."""
        (self.run / QUEUED_FILE).unlink(missing_ok=True)

    def close(self) -> None:
        if self._board is not None:
            self._board.close()

    def _writer(self) -> SummaryWriter:
        if self._board is None:
            self._board = SummaryWriter(str(self.run / "tensorboard"))
        return self._board


def _delete_with_companions(path: Path) -> None:
    """Delete a grid, or a snapshot of G and the files that belong to it, such as its D."""
    for companion in path.parent.glob(f"*-{path.name}"):
        companion.unlink()
    path.unlink()


def _write_json(path: Path, values: Mapping[str, Any]) -> None:
    write_atomic(path, json.dumps(values, indent=1).encode())


def _nimg_of(line: str) -> float:
    """Return the nimg of a metrics line; infinity for a line that a crash cut short."""
    try:
        return float(json.loads(line)["nimg"])
    except (ValueError, KeyError, TypeError):
        return float("inf")
