"""Choose bfloat16 or float32 by measurement: bfloat16 is faster on some processors and slower on others."""

from __future__ import annotations

from collections.abc import Callable

import torch

from dcgan.config import TrainConfig
from dcgan.training.step_timer import step_timer

MAX_ROUNDS = 40
STEADY_ROUNDS = 4  # so many rounds without a new minimum end the measurement
STEADY = 0.97  # a time below this part of the minimum is a new minimum


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
    return faster_by_a_tenth(*(step_timer(config, device, bf16) for bf16 in (True, False)))


def faster_by_a_tenth(rival: Callable[[], float], base: Callable[[], float]) -> bool:
    """Return whether `rival` takes at most 0.9 of the time of `base`; each call takes the seconds of one step.

    Other programs make a step slower, never faster: so each one's minimum counts. The steps alternate until both minima
    have been steady for four rounds, so that a disturbance has to last for the whole measurement to decide it.
    """
    fastest = [float("inf"), float("inf")]
    steady = 0
    for _ in range(MAX_ROUNDS):
        seconds = [rival(), base()]
        steady = 0 if any(now < STEADY * before for now, before in zip(seconds, fastest, strict=True)) else steady + 1
        fastest = [min(pair) for pair in zip(seconds, fastest, strict=True)]
        if steady == STEADY_ROUNDS:
            break
    return fastest[0] < 0.9 * fastest[1]
