"""Whether bfloat16 pays on this machine, found out by trying: some processors gain half, others lose as much."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from dcgan.config import TrainConfig
from dcgan.training.step import make_state, train_step

ROUNDS = 4


def choose_bf16(config: TrainConfig, device: torch.device) -> bool:
    """True when a step in bfloat16 is at least a tenth quicker than in float32; a few seconds on a CPU.

    `config.precision` "fp32" or "bf16" decides without a measurement.
    """
    if config.precision != "auto":
        return config.precision == "bf16"
    if device.type == "mps":
        return False
    if device.type == "cpu" and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        # without AVX-512 the library only imitates bfloat16: known to lose, and slow to find out
        return False
    rivals = {bf16: _stepper(config, device, bf16) for bf16 in (False, True)}
    seconds = {bf16: float("inf") for bf16 in rivals}
    for _ in range(ROUNDS):
        # In turn, and each by its quickest: whatever else the machine does then slows neither alone.
        for bf16, step in rivals.items():
            seconds[bf16] = min(seconds[bf16], _seconds(step, device))
    return seconds[True] < 0.9 * seconds[False]


def _stepper(config: TrainConfig, device: torch.device, bf16: bool) -> Callable[[], None]:
    """A function that trains fresh networks by one step; its kernels are built already."""
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
