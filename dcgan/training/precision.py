"""Whether bfloat16 pays on this machine, found out by trying: some processors gain half, others lose as much."""

from __future__ import annotations

import time

import torch

from dcgan.config import TrainConfig
from dcgan.training.step import make_state, train_step


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
    return _seconds_a_step(config, device, True) < 0.9 * _seconds_a_step(config, device, False)


def _seconds_a_step(config: TrainConfig, device: torch.device, bf16: bool, steps: int = 3) -> float:
    state = make_state(config, device)
    model = config.model
    reals = torch.zeros(config.batch, model.nc, model.image_size, model.image_size, dtype=torch.uint8)
    rng = torch.Generator().manual_seed(0)
    train_step(state, reals, config, rng, bf16)  # the first step builds the kernels
    train_step(state, reals, config, rng, bf16)
    _wait(device)
    start = time.perf_counter()
    for _ in range(steps):
        train_step(state, reals, config, rng, bf16)
    _wait(device)
    return (time.perf_counter() - start) / steps


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
