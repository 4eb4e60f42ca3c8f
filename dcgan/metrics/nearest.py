"""An index of the training pictures' features, to find those nearest to a picture and to detect copies.

The distance is Euclidean between features of length 1, so 0 … 2. A picture and its mirror image are both compared,
because a training may use both; the smaller distance counts. A distance is ranked among those of held-out pictures,
which cannot be copies. The index holds features, no pictures.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from dcgan.checkpoint import read_tensors, write_tensors
from dcgan.data.dataset import OnProgress
from dcgan.errors import CheckpointError, DatasetError
from dcgan.metrics.features import DIM, Extractor
from dcgan.metrics.split import Split

KIND = "nearest"
MAX_INDEXED = 36_000  # training pictures in an index, so that its file in half precision stays under 10 MiB
HELD_OUT, SAMPLES = 1000, 500  # pictures whose distances are kept for comparison
MIN_HELD_OUT = 20  # pictures; with fewer, ranks are too coarse
BATCH = 128


@dataclass(frozen=True)
class About:
    """How an index was made: from `count` training pictures, with this extractor, and samples of this generator."""

    data: str
    note: str
    count: int
    image_size: int
    nc: int
    extractor: str
    generator: str


@dataclass(frozen=True)
class Index:
    """The features of the training pictures, and distances to compare with.

    features: [N, 128] of length 1.
    places: int64 [N], the pictures' indices in the data set of `split.training_spec`.
    held_out, samples: sorted distances of held-out pictures, and of G's samples, to the nearest training picture.
    """

    features: Tensor
    places: Tensor
    held_out: Tensor
    samples: Tensor
    about: About

    def find(self, picture: Tensor, extractor: Extractor, count: int = 3) -> tuple[list[float], list[int]]:
        """Find the `count` training pictures nearest to uint8 [nc, S, S], nearest first: their distances and places."""
        distances = _distances(_features_and_mirrored(picture[None], extractor), self.features)[0]
        found = distances.topk(min(count, len(distances)), largest=False)
        return found.values.tolist(), self.places[found.indices].tolist()

    def holds(self, pictures: Tensor, places: list[int], extractor: Extractor) -> bool:
        """Return whether uint8 [n, nc, S, S] are the pictures that were indexed at these places."""
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
    own = _middle_90(index.samples) if generator == index.about.generator and len(index.samples) else None
    return RankedDistance(distance, closer, _middle_90(index.held_out), own)


@torch.inference_mode()
def make_index(
    split: Split,
    extractor: Extractor,
    samples: Tensor,
    generator: str,
    on_progress: OnProgress = lambda done, total: None,
) -> Index:
    """Index the training pictures of a split, or MAX_INDEXED of them, chosen at random.

    `samples`: uint8 [n, nc, S, S], drawn by the generator of this fingerprint. Raises DatasetError if too few pictures
    are held out.
    """
    if len(split.held_out) < MIN_HELD_OUT:
        raise DatasetError(
            f"{split.dataset.name} leaves {len(split.held_out)} held-out pictures to compare with, fewer than the "
            f"{MIN_HELD_OUT} that are needed; take more pictures."
        )
    chosen = _choose_rows(len(split.train), MAX_INDEXED)
    total, done = len(chosen) + 2 * HELD_OUT, 0
    parts = []
    for rows in chosen.split(BATCH):
        parts.append(_features(split.train[rows], extractor).half())
        done += len(rows)
        on_progress(done, total)
    features = torch.cat(parts).float()  # the distances are to what the file will hold
    held_out = nearest_distances(split.held_out[_choose_rows(len(split.held_out), HELD_OUT)], features, extractor)
    on_progress(total - HELD_OUT, total)
    own = nearest_distances(samples, features, extractor) if len(samples) else torch.empty(0)
    on_progress(total, total)
    count, nc, side, _ = split.train.shape
    about = About(split.dataset.name, split.note, count, side, nc, extractor.sha256, generator)
    return Index(features, split.places[chosen], held_out, own, about)


def nearest_distances(pictures: Tensor, features: Tensor, extractor: Extractor) -> Tensor:
    """Return the sorted distances [N] of uint8 pictures [N, nc, S, S] to the nearest of `features` [M, 128]."""
    parts = [
        _distances(_features_and_mirrored(part, extractor), features).amin(dim=1) for part in pictures.split(BATCH)
    ]
    return torch.cat(parts).sort().values


def save_index(path: Path, index: Index) -> None:
    """Write an index atomically."""
    tensors = {
        "features": index.features.half(),
        "places": index.places.int(),
        "held_out": index.held_out,
        "samples": index.samples,
    }
    write_tensors(path, tensors, KIND, {"about": asdict(index.about)})


def load_index(path: Path, extractor: Extractor) -> Index:
    """Read an index. Raises CheckpointError if it is damaged, or was made with another feature network."""
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
    if index.features.shape != (len(index.places), DIM) or len(index.held_out) < MIN_HELD_OUT:
        raise CheckpointError(f"{path} is not a whole index; make it again with `python -m dcgan index`.")
    if about.extractor != extractor.sha256:
        raise CheckpointError(
            f"{path} was made with another feature network; make it again with `python -m dcgan index`."
        )
    return index


def _features(pictures: Tensor, extractor: Extractor) -> Tensor:
    unit: Tensor = extractor(pictures, BATCH) / DIM**0.5
    return unit


def _features_and_mirrored(pictures: Tensor, extractor: Extractor) -> Tensor:
    """Return the features [2, N, 128] of the pictures and of their mirror images."""
    return torch.stack([_features(pictures, extractor), _features(pictures.flip(-1), extractor)])


def _distances(both: Tensor, features: Tensor) -> Tensor:
    """Return the distances [N, M] from [2, N, 128] to [M, 128], the smaller of the two; exactly 0 for a copy."""
    return torch.cdist(both, features, compute_mode="donot_use_mm_for_euclid_dist").amin(dim=0)


def _middle_90(distances: Tensor) -> tuple[float, float]:
    """Return the range of the middle 90 % of the distances."""
    low, high = distances.quantile(torch.tensor([0.05, 0.95])).tolist()
    return low, high


def _choose_rows(count: int, most: int) -> Tensor:
    """Return `most` of `count` row numbers, or all, in order; always the same ones."""
    if count <= most:
        return torch.arange(count)
    return torch.randperm(count, generator=torch.Generator().manual_seed(0))[:most].sort().values
