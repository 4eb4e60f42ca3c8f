"""Inside the generator: what its layers hold for one picture, and what it draws with some of their units off.

A unit is a channel of a layer after its ReLU; one that is off is 0 everywhere (GAN Dissection, arXiv 1811.10597).
Layers count from 0 at the 4 × 4 end; the picture is not one of them. The zeros are written into a picture's own
activations, so weights, which all visitors share, are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.folded import FoldedGenerator

SHORTLIST = 2  # times as many units as are asked for have their effect measured
PIECE = 4  # pictures computed at a time: others get their turn in between

Units = Sequence[tuple[int, int]]  # (layer, unit)
Run = Callable[[Callable[[Tensor], Any], Tensor], Any]  # run(task, item) is task(item), somewhere


@dataclass(frozen=True)
class LayerActivations:
    """The strongest units of one layer: those without which the picture changes most.

    `effects` [n]: by how much it changes (root mean square on [-1, 1]) without that unit alone, largest first;
    `means` [n] and `maps` [n, side, side]: the units' activations, those of units that are off as if they were on.
    """

    side: int
    channels: int
    units: tuple[int, ...]
    effects: Tensor
    means: Tensor
    maps: Tensor


@dataclass(frozen=True)
class LayerInspection:
    """The layers, the picture they end in, and the `whole` picture that all units draw: both [nc, S, S] in [-1, 1]."""

    layers: tuple[LayerActivations, ...]
    picture: Tensor
    whole: Tensor

    @property
    def change(self) -> float:
        """How far the picture is from the whole one: root mean square, 0 … 2."""
        return float((self.picture - self.whole).square().mean().sqrt())


def with_units_off(folded: FoldedGenerator, off: Units = ()) -> Callable[[Tensor], Tensor]:
    """Draws z [N, nz] → [N, nc, S, S] in [-1, 1] with some units off; with none off it is `folded` itself.

    Raises RequestError for a layer or a unit that the generator does not have.
    """
    if not off:
        return folded
    grouped = _grouped(folded, off)
    return lambda z: _last(_walk(folded, z.to(folded.layers[0].weight), grouped)).permute(0, 3, 1, 2)


def inspect_layers(
    folded: FoldedGenerator, z: Tensor, off: Units = (), count: int = 16, run: Run = lambda task, item: task(item)
) -> LayerInspection:
    """The `count` strongest units of each layer for one latent z [nz]. Raises RequestError as `with_units_off` does.

    Units that are off are shown as well, in the place of weaker ones; effects are those in the whole generator, maps
    those with the units off. `run` does one piece of the work; a server hands it to its workers.
    """
    grouped = _grouped(folded, off)
    z = z[None].to(folded.layers[0].weight)
    whole = run(lambda z: list(_walk(folded, z, {})), z)
    now = run(lambda z: list(_walk(folded, z, grouped)), z) if off else whole
    views = []
    for number in range(len(whole) - 1):
        units_off = grouped.get(number, [])
        units, effects = _strongest(folded, number, whole, count, units_off, run)
        is_on = torch.tensor([unit not in units_off for unit in units.tolist()], device=z.device)
        maps = torch.where(is_on, now[number][0][..., units], whole[number][0][..., units]).permute(2, 0, 1).cpu()
        side, channels = whole[number].shape[2:]
        views.append(
            LayerActivations(side, channels, tuple(units.tolist()), effects.cpu(), maps.mean(dim=(1, 2)), maps)
        )
    picture, intact = (activations[-1][0].permute(2, 0, 1).cpu() for activations in (now, whole))
    return LayerInspection(tuple(views), picture, intact)


def _walk(folded: FoldedGenerator, x: Tensor, off: Mapping[int, list[int]], first: int = 0) -> Iterator[Tensor]:
    """From what enters layer `first`: each layer's activations [N, s, s, C], in the end the picture [N, S, S, nc]."""
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
    folded: FoldedGenerator, number: int, whole: list[Tensor], count: int, kept: list[int], run: Run
) -> tuple[Tensor, Tensor]:
    """Units [n] of a layer and their effects [n]; those `kept` come first when it is decided who is among them.

    A guess chooses whose effect is measured: how much a unit sends on.
    """
    x, picture = whole[number], whole[-1]
    sent = x[0].square().sum(dim=(0, 1)).sqrt() * folded.layers[number + 1].weight.norm(dim=1)
    is_kept = torch.zeros_like(sent)
    is_kept[kept] = sent.max() + 1
    shortlist = (sent + is_kept).topk(min(SHORTLIST * count, len(sent))).indices

    def effect(units: Tensor) -> Tensor:
        without = x.repeat(len(units), 1, 1, 1)
        without[torch.arange(len(units)), :, :, units] = 0
        changed = _last(_walk(folded, without, {}, number + 1))
        return (changed - picture).square().mean(dim=(1, 2, 3)).sqrt()

    effects = torch.cat([run(effect, piece) for piece in shortlist.split(PIECE)])
    chosen = (effects + is_kept[shortlist]).argsort(descending=True, stable=True)[:count]
    order = chosen[effects[chosen].argsort(descending=True, stable=True)]
    return shortlist[order], effects[order]


def _grouped(folded: FoldedGenerator, off: Units) -> dict[int, list[int]]:
    """Layer → its units that are off; each must be there."""
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
