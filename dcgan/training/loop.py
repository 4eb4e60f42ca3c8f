"""The training loop, the one there is: page, command line and tests all run it."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from torch import Tensor

from dcgan.config import TrainConfig
from dcgan.data import Dataset, open_dataset
from dcgan.errors import DatasetError, RunError
from dcgan.images import to_uint8
from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Generator
from dcgan.training.best import alarm, best_of, make_evaluator
from dcgan.training.ema import settled
from dcgan.training.order import STEP, Order, generator_for
from dcgan.training.precision import choose_bf16
from dcgan.training.runlog import LOCK_FILE, RunLog
from dcgan.training.state import STATE_FILE, load_state, save_state
from dcgan.training.step import STATS, TrainState, make_state, train_step

# The latents of the sample grid: those of seeds 0 … 63, so that each picture of it can be opened by its seed.
GRID_SEEDS = range(64)
FEWEST_TO_SCORE = 16  # pictures of a data set, below which its neighbourhoods say nothing


def train(
    config: TrainConfig,
    run: Path,
    device: torch.device,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int, int], None] = lambda nimg, total: None,
    begin: Callable[[TrainState], None] = lambda state: None,
) -> str:
    """Trains in the folder `run` until the configured length, or until `should_stop()` or the control file says so.

    A folder that holds a training state is continued from it; a new run's networks are first handed to `begin`, which
    may fill them from a model. `on_progress(nimg, total)` is called after every step.
    Returns "finished" or "stopped"; raises DatasetError, CheckpointError or RunError, after writing the sentence
    to status.json.
    """
    with held(Path(run) / LOCK_FILE, f"The run {Path(run).name} is being trained already."):
        log = RunLog(run)
        log.clear_control()
        try:
            return _train(config, log, device, should_stop, on_progress, begin)
        except _Stopped:
            log.status(state="stopped", message="Stopped while the pictures were being read.", eta=None)
            return "stopped"
        except BaseException as error:
            log.status(state="failed", message=str(error) or type(error).__name__)
            raise
        finally:
            log.close()


@contextmanager
def held(lock: Path, refusal: str) -> Iterator[None]:
    """Holds a lock file for the length of the block, or raises RunError. The system frees it if the process dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        # a moment's patience, because whoever asks whether the lock is held takes it for an instant
        with FileLock(lock, timeout=2.0):
            yield
    except Timeout:
        raise RunError(refusal) from None


def _train(
    config: TrainConfig,
    log: RunLog,
    device: torch.device,
    should_stop: Callable[[], bool],
    on_progress: Callable[[int, int], None],
    begin: Callable[[TrainState], None],
) -> str:
    # Settle what depends on the machine, once and for the whole run.
    log.config(config)  # before anything else, so that a run that is killed here can be begun again
    log.status(state="starting", nimg=0, total=0, data=config.data, preset=config.preset, message="preparing")
    config = dataclasses.replace(config, threads=config.threads or os.cpu_count() or 1)
    torch.set_num_threads(config.threads)
    bf16 = choose_bf16(config, device)
    config = dataclasses.replace(config, precision="bf16" if bf16 else "fp32")
    log.config(config)

    # Construct networks and optimisers, or take them up where they were.
    state = make_state(config, device)
    resumed = (log.run / STATE_FILE).is_file()
    if resumed:
        load_state(log.run / STATE_FILE, state)
    else:
        begin(state)
        log.samples(0, sample_grid(sampling_G(state, config)))
    log.continue_from(state.nimg)

    # Open the data.
    dataset = _open(config, log)
    order = Order(config, dataset.count)
    total = config.total_pictures(dataset.count)
    pictures = dataset.pictures.to(device)
    log.reals(dataset.pictures[torch.linspace(0, dataset.count - 1, min(64, dataset.count)).long()])
    if not resumed:
        log.graphs(state, config.model.nz)
    log.status(total=total, nimg=state.nimg, count=dataset.count)
    evaluate = (
        make_evaluator(dataset.pictures, device) if config.eval_every and dataset.count >= FEWEST_TO_SCORE else None
    )
    log.line(_headline(config, dataset, device, total, state.nimg))

    pending: list[Tensor] = []
    mark = Mark(time.time(), state.nimg)
    last_status = 0.0
    log.status(state="running", message="")

    while state.nimg < total and not (should_stop() or log.stop_asked()):
        # One step.
        before = state.nimg
        set_rates(state, config, config.lr_scale(before, total))
        reals = pictures[order.batch_at(before).to(device)]
        rng = generator_for(config.seed, STEP, before)
        pending.append(train_step(state, reals, config, rng, bf16))
        on_progress(state.nimg, total)

        # Report. Reading the numbers waits for the device, so it is done once in a while, for all steps since.
        def due(every: int, before: int = before) -> bool:
            return every > 0 and (state.nimg // every > before // every or state.nimg >= total)

        if due(config.log_every) or due(config.line_every):
            stats = torch.stack(pending).double().cpu()
            pending.clear()
            _check_finite(stats, state.nimg)
            means = dict(zip(STATS, stats.mean(0).tolist(), strict=True))
            speed, mark = mark.speed(state.nimg), Mark(time.time(), state.nimg)
            log.metrics(state.nimg, {**means, "speed": speed})
            eta = (total - state.nimg) / speed
            log.status(nimg=state.nimg, speed=round(speed, 1), eta=round(eta), **means)
            if due(config.line_every):
                log.line(step_line(config, dataset.count, before, dict(zip(STATS, stats[-1].tolist(), strict=True))))
        elif time.time() - last_status > 1.0:
            last_status = time.time()
            log.status(nimg=state.nimg)

        # Keep: what one looks at, what one loads, what one goes on from.
        if due(config.sample_every) or due(config.snapshot_every) or due(config.eval_every):
            G = sampling_G(state, config)
            if due(config.sample_every):
                log.samples(state.nimg, sample_grid(G))
            if due(config.snapshot_every):
                log.snapshot(state.nimg, G, state.D, _info(config, state.nimg), config.keep_snapshots)
            if due(config.eval_every) and evaluate:
                log.score(state.nimg, evaluate(G))
                best = best_of(log.scores)
                if best is log.scores[-1]:
                    log.best(G, state.D, {**_info(config, state.nimg), **best})
                if worse := alarm(log.scores):
                    log.line(worse)
        if due(config.state_every):
            save_state(log.run / STATE_FILE, state)

    # End: whatever the reason, nothing that was learned is lost.
    outcome = "finished" if state.nimg >= total else "stopped"
    if outcome == "stopped":
        log.status(state="stopping", nimg=state.nimg)
        save_state(log.run / STATE_FILE, state)
        G = sampling_G(state, config)
        log.samples(state.nimg, sample_grid(G))
        log.snapshot(state.nimg, G, state.D, _info(config, state.nimg), config.keep_snapshots)
    log.status(state=outcome, nimg=state.nimg, eta=0 if outcome == "finished" else None)
    log.line(f"{outcome} at {state.nimg:,} of {total:,} pictures; the model is in {log.run / 'snapshots'}")
    return outcome


@dataclasses.dataclass(frozen=True)
class Mark:
    """A moment of the run, to measure speed from."""

    time: float
    nimg: int

    def speed(self, nimg: int) -> float:
        """Pictures a second since then."""
        return (nimg - self.nimg) / max(time.time() - self.time, 1e-9)


def set_rates(state: TrainState, config: TrainConfig, scale: float) -> None:
    """Sets both optimisers' learning rates to the configuration's times `scale`."""
    for optimiser, lr in ((state.opt_G, config.lr_g), (state.opt_D, config.lr_d)):
        optimiser.param_groups[0]["lr"] = lr * scale


def sampling_G(state: TrainState, config: TrainConfig) -> Generator:
    """The G one looks at and keeps: the averaged one, with BatchNorm statistics of its own where it is an average."""
    return settled(state.G_ema) if config.ema_kimg > 0 else state.G_ema


@torch.no_grad()
def sample_grid(G: Generator) -> Tensor:
    """G's pictures of GRID_SEEDS, uint8 [64, nc, S, S]. In eval mode: none depends on the others."""
    device = next(G.parameters()).device
    return to_uint8(G(z_from_seeds(GRID_SEEDS, G.config.nz).to(device))).cpu()


def step_line(config: TrainConfig, count: int, nimg: int, stats: dict[str, float]) -> str:
    """The tutorial's line for the step that began at `nimg`: [epoch/epochs][step/steps] losses and D's opinions."""
    epoch_pictures = config.epoch_pictures(count)
    epoch, inside = divmod(nimg, epoch_pictures)
    epochs, steps = -(-config.total_pictures(count) // epoch_pictures), -(-epoch_pictures // config.batch)
    return (
        f"[{epoch}/{epochs}][{inside // config.batch}/{steps}]\tLoss_D: {stats['D_loss']:.4f}"
        f"\tLoss_G: {stats['G_loss']:.4f}\tD(x): {stats['D_x']:.4f}"
        f"\tD(G(z)): {stats['D_G_z1']:.4f} / {stats['D_G_z2']:.4f}"
    )


class _Stopped(Exception):
    """Somebody asked to stop before the first step."""


def _open(config: TrainConfig, log: RunLog) -> Dataset:
    def report(done: int, of: int) -> None:
        if log.stop_asked():
            raise _Stopped
        log.status(message=f"reading pictures: {done:,} of {of:,}")

    dataset = open_dataset(config.data, config.model.image_size, config.model.nc, report)
    if dataset.count < config.batch:
        raise DatasetError(
            f"{dataset.name} has {dataset.count} pictures, fewer than a batch of {config.batch}; "
            f"choose a batch of at most {dataset.count}."
        )
    return dataset


def _headline(config: TrainConfig, dataset: Dataset, device: torch.device, total: int, nimg: int) -> str:
    begin = f"going on from {nimg:,}" if nimg else "from the start"
    return (
        f"{dataset.count:,} pictures of {dataset.name}; {total:,} to show, {begin}; preset {config.preset}, "
        f"batch {config.batch}, {config.precision} on {device}, threads {config.threads}"
    )


def _info(config: TrainConfig, nimg: int) -> dict[str, Any]:
    begun = {"init": config.init} if config.init else {}
    return {
        "nimg": nimg,
        "seen": config.init_seen + nimg,
        "data": config.data,
        "preset": config.preset,
        "loss": config.loss,
        "seed": config.seed,
        **begun,
    }


def _check_finite(stats: Tensor, nimg: int) -> None:
    if not torch.isfinite(stats).all():
        raise RunError(
            f"The losses stopped being numbers at {nimg:,} pictures; resume goes on from the last state kept before, "
            "and a lower learning rate helps."
        )
