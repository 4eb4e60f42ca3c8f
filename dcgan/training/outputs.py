"""What a run saves at intervals and when it is ordered to: grids, snapshots, evaluations and the training state."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from typing import Any

import torch
from torch import Tensor

from dcgan.config import TrainConfig
from dcgan.images import to_uint8
from dcgan.latent.seeds import z_from_seeds
from dcgan.models import Generator
from dcgan.training.best import best_of, quality_warning
from dcgan.training.control import Control
from dcgan.training.ema import recalibrate_batchnorm
from dcgan.training.pace import Pace
from dcgan.training.runlog import RunLog
from dcgan.training.step import TrainState

# Seeds of the sample grid, so that each of its pictures can be opened in Explore by its seed.
GRID_SEEDS = range(64)

Evaluator = Callable[[Generator], dict[str, float]]
# What each order saves, as names of the configuration's intervals
OUTPUTS_OF_ORDERS = {"sample": {"sample_every"}, "save": {"snapshot_every", "state_every"}}


def ordered_outputs(control: Control) -> set[str]:
    """Return what the orders given since the last step ask to save, as names of the configuration's intervals."""
    return set[str]().union(*(OUTPUTS_OF_ORDERS[order] for order in control.take(*OUTPUTS_OF_ORDERS)))


def save_outputs(
    due: Collection[str], state: TrainState, config: TrainConfig, log: RunLog, evaluate: Evaluator | None, pace: Pace
) -> None:
    """Save what is due, given as names of the configuration's intervals."""

    @functools.cache
    def G() -> Generator:
        return inference_G(state, config)

    if "sample_every" in due:
        with pace.output("sample_every"):
            log.samples(state.nimg, sample_grid(G()))
    if "snapshot_every" in due:
        with pace.output("snapshot_every"):
            log.snapshot(state.nimg, G(), state.D, model_info(config, state.nimg), config.keep_snapshots)
    if "eval_every" in due and evaluate:
        with pace.output("eval_every"):
            _evaluate(G(), state, config, log, evaluate)
    if "state_every" in due:
        with pace.output("state_every"):
            log.state(state)


def _evaluate(G: Generator, state: TrainState, config: TrainConfig, log: RunLog, evaluate: Evaluator) -> None:
    """Score G, and save it as the run's best model if it is."""
    log.evaluation(state.nimg, evaluate(G))
    best = best_of(log.scores)
    if best is log.scores[-1]:
        log.best(G, state.D, {**model_info(config, state.nimg), **best})
    if warning := quality_warning(log.scores):
        log.line(warning)


def inference_G(state: TrainState, config: TrainConfig) -> Generator:
    """Return the G for samples and snapshots: the EMA of G, with recalibrated BatchNorm if it is an average."""
    return recalibrate_batchnorm(state.G_ema) if config.ema_kimg > 0 else state.G_ema


@torch.no_grad()
def sample_grid(G: Generator) -> Tensor:
    """Draw the pictures of GRID_SEEDS, uint8 [64, nc, S, S]. G is in eval mode, so each is independent of the batch."""
    device = next(G.parameters()).device
    return to_uint8(G(z_from_seeds(GRID_SEEDS, G.config.nz).to(device))).cpu()


def model_info(config: TrainConfig, nimg: int) -> dict[str, Any]:
    """Return what the file of a model says of its training."""
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
