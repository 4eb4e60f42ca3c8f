"""The training loop. The page, the command line and the tests all run this one."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from filelock import FileLock, Timeout

from dcgan.config import TrainConfig
from dcgan.data import Dataset, open_dataset
from dcgan.data.dataset import warn_of_few
from dcgan.errors import RunError
from dcgan.training.best import make_evaluator
from dcgan.training.control import Control
from dcgan.training.divergence import check_losses
from dcgan.training.lr_schedule import set_rates
from dcgan.training.order import STEP, Order, fit_batch, generator_for
from dcgan.training.outputs import inference_G, ordered_outputs, sample_grid, save_outputs
from dcgan.training.pace import Pace
from dcgan.training.precision import choose_bf16
from dcgan.training.reports import due_after, intervals, step_line
from dcgan.training.runlog import LOCK_FILE, RunLog
from dcgan.training.state import STATE_FILE, load_state
from dcgan.training.step import TrainState, make_state, train_step
from dcgan.training.step_stats import StepStats

MIN_TO_EVALUATE = 16  # pictures; k-nearest-neighbour metrics need at least these


def train(
    config: TrainConfig,
    run: Path,
    device: torch.device,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int, int], None] = lambda nimg, total: None,
    initialise: Callable[[TrainState], None] = lambda state: None,
) -> str:
    """Train in the folder `run` to the configured length, or until `should_stop()` or an order in its control file.

    A folder with a training state is resumed. In a new run, `initialise(state)` may load the weights of another model.
    `on_progress(nimg, total)` is called after every step. Returns the run's state: "finished", "stopped" or
    "paused". Raises DatasetError, CheckpointError or RunError after writing its sentence to status.json.
    """
    with hold_lock(Path(run) / LOCK_FILE, f"The run {Path(run).name} is being trained already."):
        log = RunLog(run)
        log.leave_queue()
        control = Control(log.run)
        try:
            return _train(config, log, control, device, should_stop, on_progress, initialise)
        except _EndedWhileReading as ended:
            message = f"{ended.state.capitalize()} while the pictures were being read."
            log.status(state=ended.state, message=message, eta=None)
            return ended.state
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
    control: Control,
    device: torch.device,
    should_stop: Callable[[], bool],
    on_progress: Callable[[int, int], None],
    initialise: Callable[[TrainState], None],
) -> str:
    # Write the configuration first, so that a run that is killed during start-up can be started again.
    log.config(config)
    log.status(state="starting", nimg=0, total=0, data=config.data, preset=config.preset, message="preparing")

    # Load the data set, before anything that takes longer than to find that it cannot be used.
    dataset = _open(config, log, control)
    warning = warn_of_few(dataset.count)
    log.status(message="preparing")

    # Fix the settings that depend on the machine, for the whole run.
    config = dataclasses.replace(config, threads=config.threads or os.cpu_count() or 1)
    torch.set_num_threads(config.threads)
    bf16 = choose_bf16(config, device)
    config = dataclasses.replace(config, precision="bf16" if bf16 else "fp32")
    log.config(config)
    config = fit_batch(config, dataset.count)

    # Construct networks and optimisers, or load the training state.
    state = make_state(config, device)
    resumed = (log.run / STATE_FILE).is_file()
    if resumed:
        load_state(log.run / STATE_FILE, state)
    else:
        initialise(state)
        log.samples(0, sample_grid(inference_G(state, config)))
    log.continue_from(state.nimg)

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
    if warning:
        log.line(warning)

    stats = StepStats()
    pace = Pace(state.nimg)
    last_status = 0.0
    log.status(state="running", message=warning)

    ending = ""
    while state.nimg < total and not (ending := _ending_asked(control, should_stop)):
        # Train one step.
        before = state.nimg
        set_rates(state, config, total)
        reals = pictures[order.batch_at(before).to(device)]
        rng = generator_for(config.seed, STEP, before)
        stats.add(train_step(state, reals, config, rng, bf16))
        on_progress(state.nimg, total)

        # Report, unless the losses show that the run has diverged.
        due = due_after(config, dataset.count, before, state.nimg) | ordered_outputs(control)
        if due:
            check_losses(stats, state.nimg, config, log.state_saved)
        if "line_every" in due:
            log.line(step_line(config, dataset.count, before, stats.last()))
        if "log_every" in due:
            means = stats.pop_means()
            log.metrics(state.nimg, {**means, "speed": pace.report(state.nimg)})
            eta = round(pace.seconds_left(total, intervals(config)))
            log.status(nimg=state.nimg, speed=round(pace.speed, 1), eta=eta, **means)
        elif time.time() - last_status > 1.0:
            last_status = time.time()
            log.status(nimg=state.nimg)

        # Save sample grids, snapshots, evaluations and the training state.
        save_outputs(due, state, config, log, evaluate, pace)

    # End. A run that is not finished saves everything needed to resume it.
    outcome = ending or "finished"
    if ending:
        check_losses(stats, state.nimg, config, log.state_saved)
        log.status(state="stopping", nimg=state.nimg)
        log.state(state)
        save_outputs({"sample_every", "snapshot_every"}, state, config, log, evaluate, pace)
    log.status(state=outcome, nimg=state.nimg, eta=0 if outcome == "finished" else None)
    log.line(f"{outcome} at {state.nimg:,} of {total:,} pictures; the model is in {log.run / 'snapshots'}")
    return outcome


def _ending_asked(control: Control, should_stop: Callable[[], bool]) -> str:
    """Return the state to which an order or `should_stop()` ends the run; "" while it goes on."""
    # Asked before the orders are read: whoever orders a pause closes the trainer's standard input after that.
    is_stopped = should_stop()
    return control.take_ending() or ("stopped" if is_stopped else "")


class _EndedWhileReading(Exception):
    """The run was stopped or paused while the data set was being read."""

    def __init__(self, state: str) -> None:
        self.state = state


def _open(config: TrainConfig, log: RunLog, control: Control) -> Dataset:
    def on_progress(done: int, total: int) -> None:
        if ending := control.take_ending():
            raise _EndedWhileReading(ending)
        log.status(message=f"reading pictures: {done:,} of {total:,}")

    return open_dataset(config.data, config.model.image_size, config.model.nc, on_progress)


def _headline(config: TrainConfig, dataset: Dataset, device: torch.device, total: int, nimg: int) -> str:
    start = f"resuming at {nimg:,}" if nimg else "from the start"
    return (
        f"{dataset.count:,} pictures of {dataset.name}; training on {total:,}, {start}; preset {config.preset}, "
        f"batch {config.batch}, {config.precision} on {device}, threads {config.threads}"
    )
