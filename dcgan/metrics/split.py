"""Split a data set into training and held-out pictures.

npy folders    train.npy and test.npy, if both are there
doodles        held-out ones are drawn anew, with the next seed
anything else  a fixed random sixth is held out. A training on the data set uses it too, so the scores are slightly too
               good and the memorisation ratio means nothing; the report says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from dcgan.data import Dataset, open_dataset
from dcgan.data.dataset import OnProgress
from dcgan.data.spec import Spec, parse

SHARE = 6
SEED = 2021
DOODLES_HELD_OUT = 2500


@dataclass(frozen=True)
class Split:
    """Training pictures, uint8 [N, nc, S, S], and held-out ones, uint8 [M, nc, S, S].

    note: how they were split. unseen: whether a training on the data set does not use the held-out pictures.
    places: int64 [N], the index of each training picture in `dataset`, which `training_spec` names.
    """

    train: Tensor
    held_out: Tensor
    note: str
    unseen: bool
    dataset: Dataset
    places: Tensor


def training_spec(spec: str) -> str:
    """Return the data set of `Split.places`: the training part of an npy folder with both parts, otherwise `spec`."""
    parsed = parse(spec)
    return _with(parsed, split="train") if _has_both(parsed) else spec


def split_dataset(spec: str, image_size: int = 64, nc: int = 3, on_progress: OnProgress | None = None) -> Split:
    """Open a data set and split it. Raises DatasetError."""
    parsed = parse(spec)
    if _has_both(parsed):
        parts = [open_dataset(_with(parsed, split=name), image_size, nc, on_progress) for name in ("train", "test")]
        note = "held out: test.npy (unseen unless the model was trained with split=all)"
        places = torch.arange(parts[0].count)
        return Split(parts[0].pictures, parts[1].pictures, note, True, parts[0], places)
    dataset = open_dataset(spec, image_size, nc, on_progress)
    if parsed.kind == "doodles":
        seed = int(parsed.options.get("seed", "0")) + 1
        held_out = _with(replace(parsed, target=str(DOODLES_HELD_OUT)), seed=str(seed))
        fresh = open_dataset(held_out, image_size, nc, on_progress)
        places = torch.arange(dataset.count)
        return Split(dataset.pictures, fresh.pictures, f"held out: doodles of seed {seed}", True, dataset, places)
    order = torch.randperm(dataset.count, generator=torch.Generator().manual_seed(SEED))
    count = dataset.count // SHARE
    note = "held out: a fixed sixth, which a training on this data set uses too; the scores are slightly too good"
    return Split(dataset.pictures[order[count:]], dataset.pictures[order[:count]], note, False, dataset, order[count:])


def _has_both(parsed: Spec) -> bool:
    folder = Path(parsed.target).expanduser()
    return parsed.kind == "npy" and all((folder / f"{name}.npy").is_file() for name in ("train", "test"))


def _with(parsed: Spec, **changes: str) -> str:
    """Return the spec's text with some options changed."""
    options = {**parsed.options, **changes}
    return f"{parsed.kind}:{parsed.target}?" + "&".join(f"{name}={value}" for name, value in options.items())
