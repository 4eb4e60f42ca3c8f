"""The learning rates over a run: constant, then falling linearly to 0 (`anneal`)."""

from __future__ import annotations

from dcgan.config import TrainConfig
from dcgan.training.step import TrainState


def lr_scale(config: TrainConfig, nimg: int, total: int) -> float:
    """Return the factor of both learning rates after `nimg` of `total` pictures: 1, then linearly down to 0."""
    return 1.0 if config.anneal == 0 else min(1.0, max(0.0, (total - nimg) / (config.anneal * total)))


def set_rates(state: TrainState, config: TrainConfig, total: int) -> None:
    """Set both optimisers' learning rates for the next of the run's `total` pictures."""
    scale = lr_scale(config, state.nimg, total)
    for optimiser, lr in ((state.opt_G, config.lr_g), (state.opt_D, config.lr_d)):
        optimiser.param_groups[0]["lr"] = lr * scale
