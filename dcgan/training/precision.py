"""Choose bfloat16 or float32 by measurement: bfloat16 is faster on some processors and slower on others."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from dcgan.config import TrainConfig
from dcgan.training.step import make_state, train_step

ROUNDS = 4


def choose_bf16(config: TrainConfig, device: torch.device) -> bool:
    """Return whether a bfloat16 step takes at most 0.9 of the time of a float32 step. Takes seconds on a CPU.

    `config.precision` "fp32" or "bf16" is used without a measurement.
    """
    if config.precision != "auto":
        return config.precision == "bf16"
    if device.type == "mps":
        return False
    if device.type == "cpu" and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        # without AVX-512, oneDNN emulates bfloat16, which is always slower
        return False
    rivals = {bf16: _stepper(config, device, bf16) for bf16 in (False, True)}
    seconds = {bf16: float("inf") for bf16 in rivals}
    for _ in range(ROUNDS):
        # Alternate, and take each one's minimum, so that other load on the machine does not favour one.
        for bf16, step in rivals.items():
            seconds[bf16] = min(seconds[bf16], _seconds(step, device))
    return seconds[True] < 0.9 * seconds[False]


def _stepper(config: TrainConfig, device: torch.device, bf16: bool) -> Callable[[], None]:
    """Return a function that trains new networks by one step, after two warm-up steps."""
    state = make_state(config, device)
    model = config.model
    reals = torch.zeros(config.batch, model.nc, model.image_size, model.image_size, dtype=torch.uint8)
    rng = torch.Generator().manual_seed(0)

    def step() -> None:
        train_step(state, reals, config, rng, bf16)

    step()
    step()
    return step


def _seconds(step: Callable[[], None], device: torch.device) -> float:
    _wait(device)
    start = time.perf_counter()
    step()
    _wait(device)
    return time.perf_counter() - start


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
