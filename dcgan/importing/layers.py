"""Rename and simplify the weights of a foreign DCGAN until they are those of `dcgan.models`.

Names do not matter: a convolution is what has a 4-D weight, a BatchNorm what has running averages. Convolutions follow
one another by their channels, and a BatchNorm belongs to the convolution with as many output channels.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from dcgan.errors import CheckpointError

Weights = dict[str, Tensor]

SPECTRAL_NORM = {  # names in torch.nn.utils.parametrizations and in the older torch.nn.utils → plain names
    "parametrizations.weight.original": "weight_orig",
    "parametrizations.weight.0._u": "weight_u",
    "parametrizations.weight.0._v": "weight_v",
}
CONVOLUTION = {"weight", "bias", "weight_orig", "weight_u", "weight_v"}
BATCH_NORM = {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"}


@dataclass
class Convolution:
    """One convolution: its name in the file, weight [4-D], bias if any, and the BatchNorm that follows it, if any."""

    name: str
    weight: Tensor
    bias: Tensor | None = None
    norm: Weights | None = field(default=None)


def read_layers(weights: Mapping[str, Any], transposed: bool) -> list[Convolution]:
    """Return the convolutions of a network, first to last, with the BatchNorms that follow them.

    `transposed`: whether they are transposed convolutions, with weights [in, out, 4, 4], as in G. Spectral norm is
    applied to the weights. Raises CheckpointError with a phrase that fits after the file's name.
    """
    convolutions, norms = [], []
    for name, parts in sorted(_modules(weights).items(), key=lambda item: _natural(item[0])):
        if "running_mean" in parts and parts.keys() <= BATCH_NORM:
            norms.append((name, parts))
        elif parts.get("weight", parts.get("weight_orig", torch.empty(0))).ndim == 4 and parts.keys() <= CONVOLUTION:
            convolutions.append(Convolution(name, _weight(parts, transposed), parts.get("bias")))
        else:
            raise CheckpointError(
                f"has {', '.join(f'{name}.{part}' for part in sorted(parts))}, which is no part of a DCGAN: "
                "only convolutions and BatchNorm with running averages are read"
            )
    if not convolutions:
        raise CheckpointError("holds no convolutions, as the tutorial's networks have")
    into, out = (0, 1) if transposed else (1, 0)
    for first, second in itertools.pairwise(convolutions):
        if first.weight.shape[out] != second.weight.shape[into]:
            raise CheckpointError(
                f"is not one chain of convolutions: {first.name} gives {first.weight.shape[out]} channels, "
                f"{second.name} takes {second.weight.shape[into]}"
            )
    for name, parts in norms:
        width = len(parts["running_mean"])
        owner = next((c for c in convolutions if c.norm is None and c.weight.shape[out] == width), None)
        if owner is None:
            raise CheckpointError(f"has a BatchNorm {name} of {width} channels that follows no convolution")
        ones = torch.ones(width)
        owner.norm = {"weight": ones, "bias": 0 * ones, "num_batches_tracked": torch.tensor(0), **parts}
    return convolutions


def is_chain(weights: Mapping[str, Any], transposed: bool) -> bool:
    """Return whether the weights are those of a network that `read_layers` reads."""
    try:
        read_layers(weights, transposed)
    except CheckpointError:
        return False
    return True


def fold_biases(layers: list[Convolution]) -> None:
    """Subtract each bias that a BatchNorm follows from its running mean, which gives exactly the same pictures."""
    for layer in layers:
        if layer.norm is not None and layer.bias is not None:
            layer.norm["running_mean"] = layer.norm["running_mean"] - layer.bias
            layer.bias = None


def _modules(weights: Mapping[str, Any]) -> dict[str, Weights]:
    """Return {module: {"weight": …, "bias": …}}. DataParallel's prefix "module." is removed."""
    modules: dict[str, Weights] = {}
    for full_name, value in weights.items():
        if not isinstance(value, Tensor):
            continue
        name = str(full_name).removeprefix("module.")
        for long, short in SPECTRAL_NORM.items():
            if name.endswith(f".{long}"):
                name = name.removesuffix(long) + short
        module, _, part = name.rpartition(".")
        modules.setdefault(module, {})[part] = value.float() if value.is_floating_point() else value
    return modules


def _weight(parts: Weights, transposed: bool) -> Tensor:
    """Return the weight; with spectral norm the stored one divided by its largest singular value σ = uᵀ W v."""
    if "weight_orig" not in parts:
        return parts["weight"]
    weight, u = parts["weight_orig"], parts.get("weight_u")
    axis = 1 if transposed else 0
    if u is None or len(u) != weight.shape[axis]:
        raise CheckpointError("has a spectral norm without its vector u, or of another axis than PyTorch's")
    matrix = weight.movedim(axis, 0).flatten(1)
    v = parts.get("weight_v", torch.nn.functional.normalize(matrix.T @ u, dim=0))  # old versions of torch keep only u
    return weight / torch.dot(u, matrix @ v)


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sort key by which layer "10" follows layer "9"."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
