"""Where tensors are computed."""

from __future__ import annotations

import os

import torch

from dcgan.errors import ConfigError


def choose_device(wanted: str | None = None) -> torch.device:
    """The device named, or the best there is: cuda, mps, cpu. Raises ConfigError for one that is not there.

    On a ZeroGPU Space the GPU is lent by the call, not held, so there the CPU serves.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted is not None:
        kind = wanted.partition(":")[0]
        if not there.get(kind, False):
            usable = ", ".join(name for name, ready in there.items() if ready)
            raise ConfigError(f"There is no device {wanted!r} here; choose one of: {usable}.")
        return torch.device(wanted)
    if os.environ.get("SPACES_ZERO_GPU"):
        return torch.device("cpu")
    return torch.device(next(name for name in ("cuda", "mps", "cpu") if there[name]))
