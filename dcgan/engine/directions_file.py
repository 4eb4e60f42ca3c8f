"""checkpoints/<name>/directions.safetensors: each method's directions, their labels, and taught directions.

Version 1 holds the Jacobian's axes only, as tensors "axes" and "share". Version 2 holds "<method>.axes" and
"<method>.share" as tensors. Its header holds the taught directions and, for each method, the labels and the fingerprint
of the generator. Each method has its own fingerprint, because methods may have been computed for different weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dcgan.checkpoint import read_tensors, write_tensors
from dcgan.errors import CheckpointError, RequestError
from dcgan.latent import Directions
from dcgan.schema import METHODS
from dcgan.schema.direction_labels import (
    MethodLabels,
    TaughtDirection,
    labels_fields,
    parse_labels,
    parse_taught,
    taught_fields,
)

KIND = "directions"
VERSION = 2
# An axis of newer weights takes over the labels of an older axis if their cosine is above this. Random axes of 100
# dimensions have a cosine of about 0.1.
MIN_COSINE = 0.7


@dataclass(frozen=True)
class MethodDirections:
    """One method's directions, the fingerprint of their generator, and their labels."""

    directions: Directions
    generator: str
    labels: MethodLabels = field(default_factory=MethodLabels)


@dataclass(frozen=True)
class DirectionsFile:
    """The content of the file."""

    found: Mapping[str, MethodDirections] = field(default_factory=dict)
    taught: tuple[TaughtDirection, ...] = ()

    def get(self, method: str, generator: str) -> Directions | None:
        """Return a method's directions if they were computed for this generator's fingerprint, else None."""
        found = self.found.get(method)
        return found.directions if found is not None and found.generator == generator else None

    def with_found(self, method: str, directions: Directions, generator: str) -> DirectionsFile:
        """Return a copy with a method's new directions, which take over the labels of similar older axes."""
        old = self.found.get(method)
        labels = MethodLabels() if old is None else transfer_labels(old.directions, old.labels, directions)
        return replace(self, found={**self.found, method: MethodDirections(directions, generator, labels)})


def transfer_labels(old: Directions, labels: MethodLabels, new: Directions) -> MethodLabels:
    """Return the names and locks of old axes for the new axes most similar to them; the order is reset."""
    if old.axes.shape[1] != new.axes.shape[1]:
        return MethodLabels()
    if torch.equal(old.axes, new.axes):
        return labels
    cosines = old.axes @ new.axes.T
    places = {i: int(row.argmax()) for i, row in enumerate(cosines) if float(row.max()) > MIN_COSINE}
    names = {places[i]: name for i, name in labels.names.items() if i in places}
    locked = tuple(sorted({places[i] for i in labels.locked if i in places}))
    return MethodLabels(names=names, locked=locked)


def save_directions(path: Path, kept: DirectionsFile) -> None:
    """Write the file atomically."""
    tensors, methods = {}, {}
    for method, found in kept.found.items():
        tensors[f"{method}.axes"], tensors[f"{method}.share"] = found.directions.axes, found.directions.share
        about = {"method": found.directions.method, "generator": found.generator}
        methods[method] = {**about, "labels": labels_fields(found.labels)}
    taught = [taught_fields(one) for one in kept.taught]
    write_tensors(path, tensors, KIND, {"version": VERSION, "methods": methods, "taught": taught})


def load_directions(path: Path) -> DirectionsFile:
    """Read a file of version 1 or 2. Raises CheckpointError if it is damaged, invalid or of a newer version."""
    tensors, header = read_tensors(path, KIND)
    if header.get("version", 1) == 1:
        tensors, header = _upgrade(tensors, header)
    methods, taught = header.get("methods"), header.get("taught")
    if header["version"] != VERSION or not isinstance(methods, dict) or not isinstance(taught, list):
        raise CheckpointError(f"{path} was written by a newer version of this program; update the program to read it.")
    try:
        found = {name: _found(path, tensors, name, methods[name]) for name in METHODS if name in methods}
        return DirectionsFile(found, tuple(parse_taught(one) for one in taught))
    except RequestError as error:
        raise CheckpointError(
            f"{path} cannot be used: {error} Delete it, and the directions are computed again."
        ) from None


def _upgrade(tensors: dict[str, Tensor], header: dict[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    about = {key: header.get(key, "") for key in ("method", "generator")}
    renamed = {f"jacobian.{name}": tensor for name, tensor in tensors.items()}
    return renamed, {"version": VERSION, "methods": {"jacobian": about}, "taught": []}


def _found(path: Path, tensors: dict[str, Tensor], method: str, about: object) -> MethodDirections:
    axes, share = tensors.get(f"{method}.axes"), tensors.get(f"{method}.share")
    if axes is None or share is None or axes.ndim != 2 or share.shape != axes.shape[:1] or not isinstance(about, dict):
        raise CheckpointError(f"{path} does not hold directions; delete it, and they are computed again.")
    axes, share = axes.float(), share.float()
    if not torch.allclose(axes @ axes.T, torch.eye(len(axes)), atol=1e-3):
        raise CheckpointError(f"{path} holds axes that are not orthonormal; delete it, and they are computed again.")
    directions = Directions(axes, share, str(about.get("method", "unknown")))
    return MethodDirections(directions, str(about.get("generator", "")), parse_labels(about.get("labels", {})))
