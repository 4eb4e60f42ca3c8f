"""Is a picture of G's a copy? An index of the training pictures' features, and how near to them new pictures lie.

A distance is the chord between two pictures' features on the unit sphere, 0 … 2; of a picture and its mirror image the
nearer one counts, since a training may have shown both. On its own it says little. Beside the distances of held-out
pictures, which nobody can have copied, it says whether this one is suspiciously near. The index holds features, never
pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from dcgan.checkpoint import read_tensors, write_tensors
from dcgan.errors import CheckpointError, DatasetError
from dcgan.metrics.features import DIM, Extractor
from dcgan.metrics.split import Split

KIND = "nearest"
MOST = 36_000  # training pictures in an index: in half precision, so that its file stays under 10 MiB
HELD_OUT, SAMPLES = 1000, 500  # pictures whose distances say what is usual
FEWEST = 20  # held-out pictures, below which nothing is usual
PIECE = 128

Report = Callable[[int, int], None]  # pictures done, pictures in all


@dataclass(frozen=True)
class About:
    """How an index was made: of `count` training pictures, with which extractor's features, and which G's samples."""

    data: str
    note: str
    count: int
    image_size: int
    nc: int
    extractor: str
    generator: str


@dataclass(frozen=True)
class Index:
    """`features` [N, 128] of length 1 and `places` [N], their pictures' places in the data set (`split.training_spec`).

    `held_out` and `samples`: sorted distances to the nearest training picture of pictures G never saw, and of its own.
    """

    features: Tensor
    places: Tensor
    held_out: Tensor
    samples: Tensor
    about: About

    def find(self, picture: Tensor, extractor: Extractor, count: int = 3) -> tuple[list[float], list[int]]:
        """The `count` nearest of uint8 [nc, S, S], nearest first: their distances and their places."""
        distances = _distances(_both_ways(picture[None], extractor), self.features)[0]
        found = distances.topk(min(count, len(distances)), largest=False)
        return found.values.tolist(), self.places[found.indices].tolist()

    def holds(self, pictures: Tensor, places: list[int], extractor: Extractor) -> bool:
        """Whether uint8 [n, nc, S, S] are the pictures that stood at these places when the index was made."""
        rows = torch.cat([(self.places == place).nonzero()[:1, 0] for place in places])
        if len(rows) != len(pictures):
            return False
        return bool(((_features(pictures, extractor) - self.features[rows]).norm(dim=1) < 0.01).all())


@dataclass(frozen=True)
class RankedDistance:
    """A distance to the nearest training picture, ranked among the distances of held-out pictures.

    `closer`: the share of held-out pictures with a smaller distance. `usual`: the range of the middle 90 % of their
    distances; `own`: the same of the generator's samples.
    """

    distance: float
    closer: float
    usual: tuple[float, float]
    own: tuple[float, float] | None

    @property
    def words(self) -> str:
        """What it means, after "it is": half a sentence."""
        if self.closer < 0.01:
            return "perhaps a copy: 99 % of new pictures are farther away"
        if self.closer < 0.05:
            return "nearer than 95 % of new pictures are"
        if self.closer <= 0.95:
            return "no nearer than new pictures are"
        return "farther than new pictures usually are"


def rank_distance(index: Index, distance: float, generator: str) -> RankedDistance:
    """Rank a distance among those of held-out pictures; `own` is None where the samples are another generator's."""
    closer = float((index.held_out < distance).float().mean())
    own = _middle(index.samples) if generator == index.about.generator and len(index.samples) else None
    return RankedDistance(distance, closer, _middle(index.held_out), own)


@torch.inference_mode()
def make_index(
    split: Split, extractor: Extractor, samples: Tensor, generator: str, report: Report = lambda done, total: None
) -> Index:
    """Indexes the training pictures of a split, at most MOST of them, chosen at random.

    `samples`: uint8 [n, nc, S, S] that the generator of this fingerprint drew. Raises DatasetError where too few
    pictures are held out.
    """
    if len(split.held_out) < FEWEST:
        raise DatasetError(
            f"{split.dataset.name} leaves {len(split.held_out)} pictures to compare with, fewer than the {FEWEST} "
            "that are needed to say what is usual; take more pictures."
        )
    chosen = _some(len(split.train), MOST)
    total, done = len(chosen) + 2 * HELD_OUT, 0
    parts = []
    for rows in chosen.split(PIECE):
        parts.append(_features(split.train[rows], extractor).half())
        done += len(rows)
        report(done, total)
    features = torch.cat(parts).float()  # the distances are to what the file will hold
    held_out = nearest_distances(split.held_out[_some(len(split.held_out), HELD_OUT)], features, extractor)
    report(total - HELD_OUT, total)
    own = nearest_distances(samples, features, extractor) if len(samples) else torch.empty(0)
    report(total, total)
    count, nc, side, _ = split.train.shape
    about = About(split.dataset.name, split.note, count, side, nc, extractor.sha256, generator)
    return Index(features, split.places[chosen], held_out, own, about)


def nearest_distances(pictures: Tensor, features: Tensor, extractor: Extractor) -> Tensor:
    """uint8 [N, nc, S, S] → their sorted distances [N] to the nearest of `features` [M, 128]."""
    parts = [_distances(_both_ways(part, extractor), features).amin(dim=1) for part in pictures.split(PIECE)]
    return torch.cat(parts).sort().values


def save_index(path: Path, index: Index) -> None:
    """Writes an index, whole or not at all."""
    tensors = {
        "features": index.features.half(),
        "places": index.places.int(),
        "held_out": index.held_out,
        "samples": index.samples,
    }
    write_tensors(path, tensors, KIND, {"about": asdict(index.about)})


def load_index(path: Path, extractor: Extractor) -> Index:
    """Reads what `save_index` wrote. Raises CheckpointError if it is no index, or one of another feature network's."""
    tensors, header = read_tensors(path, KIND)
    try:
        about = About(**header["about"])
        index = Index(
            tensors["features"].float(),
            tensors["places"].long(),
            tensors["held_out"].float(),
            tensors["samples"].float(),
            about,
        )
    except (KeyError, TypeError):
        raise CheckpointError(f"{path} is not a whole index; make it again with `python -m dcgan index`.") from None
    if index.features.shape != (len(index.places), DIM) or len(index.held_out) < FEWEST:
        raise CheckpointError(f"{path} is not a whole index; make it again with `python -m dcgan index`.")
    if about.extractor != extractor.sha256:
        raise CheckpointError(
            f"{path} was made with another feature network; make it again with `python -m dcgan index`."
        )
    return index


def _features(pictures: Tensor, extractor: Extractor) -> Tensor:
    unit: Tensor = extractor(pictures, PIECE) / DIM**0.5
    return unit


def _both_ways(pictures: Tensor, extractor: Extractor) -> Tensor:
    """Features [2, N, 128] of pictures as they are, and mirrored."""
    return torch.stack([_features(pictures, extractor), _features(pictures.flip(-1), extractor)])


def _distances(both: Tensor, features: Tensor) -> Tensor:
    """[2, N, 128] to [M, 128]: [N, M]. Exact differences, since a copy must come out as 0."""
    return torch.cdist(both, features, compute_mode="donot_use_mm_for_euclid_dist").amin(dim=0)


def _middle(distances: Tensor) -> tuple[float, float]:
    """Between which the middle 90 % lie."""
    low, high = distances.quantile(torch.tensor([0.05, 0.95])).tolist()
    return low, high


def _some(count: int, most: int) -> Tensor:
    """At most so many row numbers, in order, always the same."""
    if count <= most:
        return torch.arange(count)
    return torch.randperm(count, generator=torch.Generator().manual_seed(0))[:most].sort().values
