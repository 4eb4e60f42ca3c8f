"""The training loop. The page, the command line and the tests all run this one."""

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
from dcgan.training.ema import recalibrate_batchnorm
from dcgan.training.order import STEP, Order, generator_for
from dcgan.training.precision import choose_bf16
from dcgan.training.runlog import LOCK_FILE, RunLog
from dcgan.training.state import STATE_FILE, load_state
from dcgan.training.step import STATS, TrainState, make_state, train_step

# Seeds of the sample grid, so that each of its pictures can be opened in Explore by its seed.
GRID_SEEDS = range(64)
MIN_TO_EVALUATE = 16  # pictures; k-nearest-neighbour metrics need at least these


def train(
    config: TrainConfig,
    run: Path,
    device: torch.device,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int, int], None] = lambda nimg, total: None,
    begin: Callable[[TrainState], None] = lambda state: None,
) -> str:
    """Train in the folder `run` to the configured length, or until `should_stop()` or the control file asks to stop.

    A folder with a training state is resumed. In a new run, `begin(state)` may load the networks of another model.
    `on_progress(nimg, total)` is called after every step. Returns "finished" or "stopped". Raises DatasetError,
    CheckpointError or RunError after writing its sentence to status.json.
    """
    with hold_lock(Path(run) / LOCK_FILE, f"The run {Path(run).name} is being trained already."):
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
def hold_lock(lock: Path, refusal: str) -> Iterator[None]:
    """Hold a lock file during the block, or raise RunError. The system releases it if the process dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        # a short timeout, because `is_locked` holds the lock for a moment to test it
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
    # Write the configuration first, so that a run that is killed during start-up can be started again.
    log.config(config)
    log.status(state="starting", nimg=0, total=0, data=config.data, preset=config.preset, message="preparing")

    # Fix the settings that depend on the machine, for the whole run.
    config = dataclasses.replace(config, threads=config.threads or os.cpu_count() or 1)
    torch.set_num_threads(config.threads)
    bf16 = choose_bf16(config, device)
    config = dataclasses.replace(config, precision="bf16" if bf16 else "fp32")
    log.config(config)

    # Construct networks and optimisers, or load the training state.
    state = make_state(config, device)
    resumed = (log.run / STATE_FILE).is_file()
    if resumed:
        load_state(log.run / STATE_FILE, state)
    else:
        begin(state)
        log.samples(0, sample_grid(inference_G(state, config)))
    log.continue_from(state.nimg)

    # Load the data set.
    dataset = _open(config, log)
    order = Order(config, dataset.count)
    total = config.total_pictures(dataset.count)
    pictures = dataset.pictures.to(device)
    log.reals(dataset.pictures[torch.linspace(0, dataset.count - 1, min(64, dataset.count)).long()])
    if not resumed:
        log.graphs(state, config.model.nz)
    log.status(total=total, nimg=state.nimg, count=dataset.count)
    evaluate = (
        make_evaluator(dataset.pictures, device) if config.eval_every and dataset.count >= MIN_TO_EVALUATE else None
    )
    log.line(_headline(config, dataset, device, total, state.nimg))

    pending: list[Tensor] = []
    mark = SpeedMark(time.time(), state.nimg)
    last_status = 0.0
    log.status(state="running", message="")

    while state.nimg < total and not (should_stop() or log.stop_asked()):
        # Train one step.
        before = state.nimg
        set_rates(state, config, config.lr_scale(before, total))
        reals = pictures[order.batch_at(before).to(device)]
        rng = generator_for(config.seed, STEP, before)
        pending.append(train_step(state, reals, config, rng, bf16))
        on_progress(state.nimg, total)

        # Report the mean since the last report. Reading the numbers waits for the device, so it is not done every step.
        def due(every: int, before: int = before) -> bool:
            return every > 0 and (state.nimg // every > before // every or state.nimg >= total)

        if due(config.log_every) or due(config.line_every):
            stats = torch.stack(pending).double().cpu()
            pending.clear()
            _check_finite(stats, state.nimg)
            means = dict(zip(STATS, stats.mean(0).tolist(), strict=True))
            speed, mark = mark.speed(state.nimg), SpeedMark(time.time(), state.nimg)
            log.metrics(state.nimg, {**means, "speed": speed})
            eta = (total - state.nimg) / speed
            log.status(nimg=state.nimg, speed=round(speed, 1), eta=round(eta), **means)
            if due(config.line_every):
                log.line(step_line(config, dataset.count, before, dict(zip(STATS, stats[-1].tolist(), strict=True))))
        elif time.time() - last_status > 1.0:
            last_status = time.time()
            log.status(nimg=state.nimg)

        # Save sample grids, snapshots, evaluations and the training state.
        if due(config.sample_every) or due(config.snapshot_every) or due(config.eval_every):
            G = inference_G(state, config)
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
            log.state(state)

    # End. A stopped run saves everything needed to resume it.
    outcome = "finished" if state.nimg >= total else "stopped"
    if outcome == "stopped":
        log.status(state="stopping", nimg=state.nimg)
        log.state(state)
        G = inference_G(state, config)
        log.samples(state.nimg, sample_grid(G))
        log.snapshot(state.nimg, G, state.D, _info(config, state.nimg), config.keep_snapshots)
    log.status(state=outcome, nimg=state.nimg, eta=0 if outcome == "finished" else None)
    log.line(f"{outcome} at {state.nimg:,} of {total:,} pictures; the model is in {log.run / 'snapshots'}")
    return outcome


@dataclasses.dataclass(frozen=True)
class SpeedMark:
    """A point in the run from which speed is measured."""

    time: float
    nimg: int

    def speed(self, nimg: int) -> float:
        """Pictures per second since this point."""
        return (nimg - self.nimg) / max(time.time() - self.time, 1e-9)


def set_rates(state: TrainState, config: TrainConfig, scale: float) -> None:
    """Set both optimisers' learning rates to the configured ones times `scale`."""
    for optimiser, lr in ((state.opt_G, config.lr_g), (state.opt_D, config.lr_d)):
        optimiser.param_groups[0]["lr"] = lr * scale


def inference_G(state: TrainState, config: TrainConfig) -> Generator:
    """Return the G for samples and snapshots: the EMA of G, with recalibrated BatchNorm if it is an average."""
    return recalibrate_batchnorm(state.G_ema) if config.ema_kimg > 0 else state.G_ema


@torch.no_grad()
def sample_grid(G: Generator) -> Tensor:
    """Draw the pictures of GRID_SEEDS, uint8 [64, nc, S, S]. G is in eval mode, so each is independent of the batch."""
    device = next(G.parameters()).device
    return to_uint8(G(z_from_seeds(GRID_SEEDS, G.config.nz).to(device))).cpu()


def step_line(config: TrainConfig, count: int, nimg: int, stats: dict[str, float]) -> str:
    """Format the tutorial's log line: [epoch/epochs][step/steps], losses, D(x), D(G(z)). The step began at `nimg`."""
    epoch_pictures = config.epoch_pictures(count)
    epoch, inside = divmod(nimg, epoch_pictures)
    epochs, steps = -(-config.total_pictures(count) // epoch_pictures), -(-epoch_pictures // config.batch)
    return (
        f"[{epoch}/{epochs}][{inside // config.batch}/{steps}]\tLoss_D: {stats['D_loss']:.4f}"
        f"\tLoss_G: {stats['G_loss']:.4f}\tD(x): {stats['D_x']:.4f}"
        f"\tD(G(z)): {stats['D_G_z1']:.4f} / {stats['D_G_z2']:.4f}"
    )


class _Stopped(Exception):
    """The run was stopped while the data set was being read."""


def _open(config: TrainConfig, log: RunLog) -> Dataset:
    def on_progress(done: int, total: int) -> None:
        if log.stop_asked():
            raise _Stopped
        log.status(message=f"reading pictures: {done:,} of {total:,}")

    dataset = open_dataset(config.data, config.model.image_size, config.model.nc, on_progress)
    if dataset.count < config.batch:
        raise DatasetError(
            f"{dataset.name} has {dataset.count} pictures, fewer than a batch of {config.batch}; "
            f"choose a batch of at most {dataset.count}."
        )
    return dataset


def _headline(config: TrainConfig, dataset: Dataset, device: torch.device, total: int, nimg: int) -> str:
    begin = f"resuming at {nimg:,}" if nimg else "from the start"
    return (
        f"{dataset.count:,} pictures of {dataset.name}; training on {total:,}, {begin}; preset {config.preset}, "
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
            f"A loss became NaN or infinite at {nimg:,} pictures. The last training state is kept: resume the run, "
            "with lower learning rates."
        )
