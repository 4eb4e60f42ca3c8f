"""Choice of the device that computes."""

from __future__ import annotations

import os

import torch

from dcgan.errors import ConfigError


def choose_device(wanted: str | None = None) -> torch.device:
    """Return the named device, or the first available of cuda, mps and cpu.

    On a ZeroGPU Space the GPU exists only inside decorated calls, so the CPU is used there. Raises ConfigError for a
    device that is not available.
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
