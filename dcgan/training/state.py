"""The training state on disk: everything the next step depends on, so that a resumed run equals an uninterrupted one.

Random generators are not stored, since `order.py` derives them from nimg. The file is float32 and takes about 90 MB at
the tutorial's size. It stays in the run folder; snapshots are what is published.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from dcgan.checkpoint import fill, read_tensors, write_tensors
from dcgan.errors import CheckpointError
from dcgan.training.step import TrainState

STATE_FILE = "state.safetensors"


def save_state(path: Path, state: TrainState) -> None:
    """Write networks, EMA of G, both optimisers and nimg, atomically."""
    tensors: dict[str, Tensor] = {}
    for name in ("G", "D", "G_ema"):
        for key, tensor in getattr(state, name).state_dict().items():
            tensors[f"{name}.{key}"] = tensor
    for name in ("opt_G", "opt_D"):
        for index, slots in getattr(state, name).state_dict()["state"].items():
            for slot, tensor in slots.items():
                tensors[f"{name}.{index}.{slot}"] = tensor
    write_tensors(path, tensors, "training state", {"nimg": state.nimg})


def load_state(path: Path, state: TrainState) -> None:
    """Load the file into a TrainState of the same configuration. Raises CheckpointError if it does not fit."""
    tensors, header = read_tensors(path, "training state")
    for name in ("G", "D", "G_ema"):
        own = {key.removeprefix(f"{name}."): t for key, t in tensors.items() if key.startswith(f"{name}.")}
        fill(getattr(state, name), own, str(path))
    for name in ("opt_G", "opt_D"):
        _load_optimiser(getattr(state, name), name, tensors, path)
    state.nimg = int(header["nimg"])


def _load_optimiser(optimiser: torch.optim.Adam, name: str, tensors: dict[str, Tensor], path: Path) -> None:
    slots: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        if key.startswith(f"{name}."):
            _, number, slot = key.split(".")
            slots.setdefault(int(number), {})[slot] = tensor
    parameters = optimiser.param_groups[0]["params"]
    if slots and set(slots) != set(range(len(parameters))):
        raise CheckpointError(f"{path} holds the optimiser state of another network.")
    # load_state_dict moves tensors to the device, but keeps their memory format, so match the weights' here
    for index, values in slots.items():
        for slot in ("exp_avg", "exp_avg_sq"):
            values[slot] = torch.empty_like(parameters[index], device="cpu").copy_(values[slot])
    optimiser.load_state_dict({"state": slots, "param_groups": optimiser.state_dict()["param_groups"]})
