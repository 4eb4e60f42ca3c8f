"""Activations of the generator's units for one picture, and pictures with some units ablated.

A unit is a channel of a layer after its ReLU; an ablated unit is 0 everywhere (GAN Dissection, arXiv 1811.10597).
Layer 0 is the first, of 4 × 4 positions; the output layer has no number. Ablation changes activations only, not the
weights, which all visitors share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.folded import FoldedGenerator

SHORTLIST = 2  # effects are measured for this many times the requested number of units
BATCH = 4  # pictures computed at a time, so that other visitors' tasks run in between

Units = Sequence[tuple[int, int]]  # (layer, unit)
RunTask = Callable[
    [Callable[[Tensor], Any], Tensor], Any
]  # run(task, item) computes task(item), perhaps on another thread


@dataclass(frozen=True)
class LayerActivations:
    """The units of one layer whose ablation changes the picture most.

    side: height and width of the activations. channels: number of units in the layer. units [n]: their numbers.
    effects [n]: RMS change of the picture (range [-1, 1]) when this unit alone is ablated, largest first.
    means [n], maps [n, side, side]: activations; those of ablated units are what they would be without ablation.
    """

    side: int
    channels: int
    units: tuple[int, ...]
    effects: Tensor
    means: Tensor
    maps: Tensor


@dataclass(frozen=True)
class LayerInspection:
    """All layers, the `picture` with the ablated units off, and the `whole` picture; both [nc, S, S] in [-1, 1]."""

    layers: tuple[LayerActivations, ...]
    picture: Tensor
    whole: Tensor

    @property
    def change(self) -> float:
        """RMS difference between `picture` and `whole`, 0 … 2."""
        return float((self.picture - self.whole).square().mean().sqrt())


def with_units_off(folded: FoldedGenerator, off: Units = ()) -> Callable[[Tensor], Tensor]:
    """Return a function from z [N, nz] to pictures [N, nc, S, S] in [-1, 1] with some units off.

    With no units off it is `folded` itself. Raises RequestError for a layer or unit that the generator does not have.
    """
    if not off:
        return folded
    grouped = _units_by_layer(folded, off)
    return lambda z: _last(_activations(folded, z.to(folded.layers[0].weight), grouped)).permute(0, 3, 1, 2)


def inspect_layers(
    folded: FoldedGenerator, z: Tensor, off: Units = (), count: int = 16, run: RunTask = lambda task, item: task(item)
) -> LayerInspection:
    """Return the `count` units of each layer with the largest effect, for one latent z [nz].

    Units that are off are always included. Effects are measured with all units on, maps with the given units off. `run`
    computes one batch. Raises RequestError as `with_units_off` does.
    """
    grouped = _units_by_layer(folded, off)
    z = z[None].to(folded.layers[0].weight)
    whole = run(lambda z: list(_activations(folded, z, {})), z)
    ablated = run(lambda z: list(_activations(folded, z, grouped)), z) if off else whole
    views = []
    for number in range(len(whole) - 1):
        units_off = grouped.get(number, [])
        units, effects = _strongest(folded, number, whole, count, units_off, run)
        is_on = torch.tensor([unit not in units_off for unit in units.tolist()], device=z.device)
        maps = torch.where(is_on, ablated[number][0][..., units], whole[number][0][..., units]).permute(2, 0, 1).cpu()
        side, channels = whole[number].shape[2:]
        views.append(
            LayerActivations(side, channels, tuple(units.tolist()), effects.cpu(), maps.mean(dim=(1, 2)), maps)
        )
    picture, whole_picture = (activations[-1][0].permute(2, 0, 1).cpu() for activations in (ablated, whole))
    return LayerInspection(tuple(views), picture, whole_picture)


def _activations(folded: FoldedGenerator, x: Tensor, off: Mapping[int, list[int]], first: int = 0) -> Iterator[Tensor]:
    """Yield activations [N, s, s, C] from layer `first` on, given its input x, then the picture [N, S, S, nc]."""
    for number, layer in enumerate(folded.layers[first:-1], first):
        x = layer.linear(x).add_(layer.bias).relu_()
        if number in off:
            x[..., off[number]] = 0
        yield x
    yield folded.layers[-1].linear(x).add_(folded.layers[-1].bias).tanh_()


def _last(activations: Iterator[Tensor]) -> Tensor:
    *_, picture = activations
    return picture


def _strongest(
    folded: FoldedGenerator, number: int, whole: list[Tensor], count: int, units_off: list[int], run: RunTask
) -> tuple[Tensor, Tensor]:
    """Return units [n] of a layer and their effects [n]; `units_off` are always among them.

    Effects are measured for a shortlist only. It is chosen by an estimate: the norm of a unit's activation times the
    norm of its outgoing weights.
    """
    x, picture = whole[number], whole[-1]
    estimates = x[0].square().sum(dim=(0, 1)).sqrt() * folded.layers[number + 1].weight.norm(dim=1)
    bonus = torch.zeros_like(estimates)  # ranks the units that are off first
    bonus[units_off] = estimates.max() + 1
    shortlist = (estimates + bonus).topk(min(SHORTLIST * count, len(estimates))).indices

    def effect(units: Tensor) -> Tensor:
        without = x.repeat(len(units), 1, 1, 1)
        without[torch.arange(len(units)), :, :, units] = 0
        changed = _last(_activations(folded, without, {}, number + 1))
        return (changed - picture).square().mean(dim=(1, 2, 3)).sqrt()

    effects = torch.cat([run(effect, batch) for batch in shortlist.split(BATCH)])
    chosen = (effects + bonus[shortlist]).argsort(descending=True, stable=True)[:count]
    order = chosen[effects[chosen].argsort(descending=True, stable=True)]
    return shortlist[order], effects[order]


def _units_by_layer(folded: FoldedGenerator, off: Units) -> dict[int, list[int]]:
    """Group the ablated units by layer. Raises RequestError for one that does not exist."""
    channels = [len(layer.bias) for layer in folded.layers[:-1]]
    grouped: dict[int, list[int]] = {}
    for layer, unit in off:
        if layer >= len(channels):
            raise RequestError(f"This model's layers are numbered 0 to {len(channels) - 1}; there is no layer {layer}.")
        if unit >= channels[layer]:
            last = channels[layer] - 1
            raise RequestError(f"The units of layer {layer} are numbered 0 to {last}; there is no unit {unit}.")
        grouped.setdefault(layer, []).append(unit)
    return grouped
