"""The seconds of a training step, and the speed that a run will have on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import torch

from dcgan.config import TrainConfig
from dcgan.training.step import make_state, train_step

STEPS = 4  # of which the fastest counts: other programs make a step slower, never faster


def measure_speed(config: TrainConfig, device: torch.device, bf16: bool) -> float:
    """Return the pictures per second that new networks train at. Outputs, such as grids, are not counted.

    A step with gradient penalties takes longer, and only every `r1_every`-th step has them.
    """
    seconds = _fastest_step(replace(config, r1_gamma=0.0, r2_gamma=0.0), device, bf16)
    if config.r1_gamma > 0 or config.r2_gamma > 0:
        seconds += (_fastest_step(replace(config, r1_every=1), device, bf16) - seconds) / config.r1_every
    return config.batch / seconds


def _fastest_step(config: TrainConfig, device: torch.device, bf16: bool) -> float:
    step = step_timer(config, device, bf16)
    return min(step() for _ in range(STEPS))


def step_timer(config: TrainConfig, device: torch.device, bf16: bool) -> Callable[[], float]:
    """Return a function that trains new networks by one step and returns its seconds, after two warm-up steps."""
    state = make_state(config, device)
    model = config.model
    reals = torch.zeros(config.batch, model.nc, model.image_size, model.image_size, dtype=torch.uint8)
    rng = torch.Generator().manual_seed(0)

    def step() -> float:
        _wait(device)
        start = time.perf_counter()
        train_step(state, reals, config, rng, bf16)
        _wait(device)
        return time.perf_counter() - start

    step()
    step()
    return step


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
