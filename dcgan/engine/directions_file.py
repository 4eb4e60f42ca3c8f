"""checkpoints/<name>/directions.safetensors: each method's directions, their labels, and taught directions.

Version 1 holds the Jacobian's axes only, as tensors "axes" and "share". Version 2 holds "<method>.axes" and
"<method>.share" and, in its header, the taught directions and, for each method, its labels and the fingerprint of the
generator it was computed for, since methods may have been computed for different weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dcgan.checkpoint import read_tensors, write_tensors
from dcgan.engine.direction_labels import Labels, Taught, labels_fields, parse_labels, parse_taught, taught_fields
from dcgan.errors import CheckpointError, RequestError
from dcgan.latent import Directions
from dcgan.schema import METHODS

KIND = "directions"
VERSION = 2
# Axes of two snapshots with a cosine above this keep their names. Random axes of 100 dimensions have 0.1.
SAME = 0.7


@dataclass(frozen=True)
class MethodDirections:
    """One method's directions, the fingerprint of their generator, and their labels."""

    directions: Directions
    generator: str
    labels: Labels = field(default_factory=Labels)


@dataclass(frozen=True)
class DirectionsFile:
    """The content of the file."""

    found: Mapping[str, MethodDirections] = field(default_factory=dict)
    taught: tuple[Taught, ...] = ()

    def of(self, method: str, generator: str) -> Directions | None:
        """Return a method's directions for these weights, or None."""
        found = self.found.get(method)
        return found.directions if found is not None and found.generator == generator else None

    def with_found(self, method: str, directions: Directions, generator: str) -> DirectionsFile:
        """Return a copy with a method's directions; labels of similar axes of older weights are kept."""
        old = self.found.get(method)
        labels = Labels() if old is None else carry_over(old.directions, old.labels, directions)
        return replace(self, found={**self.found, method: MethodDirections(directions, generator, labels)})


def carry_over(old: Directions, labels: Labels, new: Directions) -> Labels:
    """Transfer names and locks from old axes to similar new ones; the order is reset."""
    if old.axes.shape[1] != new.axes.shape[1]:
        return Labels()
    if torch.equal(old.axes, new.axes):
        return labels
    cosines = old.axes @ new.axes.T
    places = {i: int(row.argmax()) for i, row in enumerate(cosines) if float(row.max()) > SAME}
    names = {places[i]: name for i, name in labels.names.items() if i in places}
    locked = tuple(sorted({places[i] for i in labels.locked if i in places}))
    return Labels(names=names, locked=locked)


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
    """Read the file, of any version so far. Raises CheckpointError if it is invalid, damaged or newer."""
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
        raise CheckpointError(f"{path} cannot be used: {error} Delete it to have directions found again.") from None


def _upgrade(tensors: dict[str, Tensor], header: dict[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    about = {key: header.get(key, "") for key in ("method", "generator")}
    renamed = {f"jacobian.{name}": tensor for name, tensor in tensors.items()}
    return renamed, {"version": VERSION, "methods": {"jacobian": about}, "taught": []}


def _found(path: Path, tensors: dict[str, Tensor], method: str, about: object) -> MethodDirections:
    axes, share = tensors.get(f"{method}.axes"), tensors.get(f"{method}.share")
    if axes is None or share is None or axes.ndim != 2 or share.shape != axes.shape[:1] or not isinstance(about, dict):
        raise CheckpointError(f"{path} does not hold directions; delete it to have them found again.")
    axes, share = axes.float(), share.float()
    if not torch.allclose(axes @ axes.T, torch.eye(len(axes)), atol=1e-3):
        raise CheckpointError(f"{path} holds axes that are not orthonormal; delete it to have them found again.")
    directions = Directions(axes, share, str(about.get("method", "unknown")))
    return MethodDirections(directions, str(about.get("generator", "")), parse_labels(about.get("labels", {})))
