"""All metrics of one generator, each beside what real pictures and damaged pictures score on the same sets.

    reference  the held-out pictures: G never saw them
    score      n samples of G against the reference
    floor      n training pictures, left as they are, against the reference: what a perfect G could reach
    ceiling    the same n training pictures, blurred or noised, against the reference: what a bad one would get

The nearest-neighbour metrics (precision, recall, density, coverage) are taken on the first extractor only: they are no
better than its sense of distance, and on random features a blurred picture lies near everything and passes for a good
one. Equal numbers of pictures stand in all four columns, so that metrics which depend on the number can
be compared along a row, but never between reports of different counts, extractors or data.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from dcgan.errors import DatasetError
from dcgan.images import to_uint8
from dcgan.latent.seeds import z_from_seeds
from dcgan.metrics.distort import blur, noise
from dcgan.metrics.estimate import Estimate
from dcgan.metrics.features import Extractor
from dcgan.metrics.frechet import frechet
from dcgan.metrics.kid import kid
from dcgan.metrics.memorisation import memorisation
from dcgan.metrics.prdc import prdc
from dcgan.models import Generator

FEWEST = 32
BLUR, NOISE = 2.0, 40.0  # the ceilings: pixels, gray levels

# Which way each metric points; "as floor": both sides of the real pictures' value are bad.
BETTER = {
    "KID": "lower",
    "Fréchet": "lower",
    "precision": "higher",
    "recall": "higher",
    "density": "higher",
    "coverage": "higher",
    "nearest train ÷ unseen": "as floor",
}


@dataclass(frozen=True)
class Row:
    """One metric: `features` names the extractor; `error` is the standard error of `score`."""

    metric: str
    features: str
    better: str
    score: float
    error: float
    floor: float
    floor_error: float
    ceiling_blur: float
    ceiling_noise: float


@dataclass(frozen=True)
class Report:
    """Everything that is needed to judge the rows, and to repeat them."""

    rows: tuple[Row, ...]
    pictures: int
    reference: int
    train: int
    seed: int
    extractors: dict[str, str]  # name → sha256 of the weights
    seconds: float

    def row(self, metric: str, features: str = "trained") -> Row:
        """One row by name; KeyError when there is none."""
        for row in self.rows:
            if (row.metric, row.features) == (metric, features):
                return row
        raise KeyError((metric, features))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return dataclasses.asdict(self)


Scores = dict[tuple[str, str], Estimate]


class Yardstick:
    """The reference and the training pictures with their features, computed once for any number of measurements."""

    def __init__(self, train: Tensor, held_out: Tensor, extractors: Sequence[Extractor]) -> None:
        """`train`, `held_out`: uint8 [N, nc, S, S], in random order; the main extractor first.

        Raises DatasetError when there are too few pictures.
        """
        if min(len(train), len(held_out)) < FEWEST:
            raise DatasetError(f"An evaluation needs at least {FEWEST} training and {FEWEST} held-out pictures.")
        self.extractors = tuple(extractors)
        self.train_features = [extractor(train) for extractor in self.extractors]
        self.held_out_features = [extractor(held_out) for extractor in self.extractors]

    def measure(self, pictures: Tensor, probes: Tensor | None = None) -> Scores:
        """Every metric of uint8 pictures [n, nc, S, S], in random order: (metric, features) → estimate.

        `probes` stand in for the pictures in the memorisation ratio, where real pictures have to be unseen ones.
        """
        scores: Scores = {}
        sets = zip(self.extractors, self.train_features, self.held_out_features, strict=True)
        for extractor, train, held_out in sets:
            features = extractor(pictures)
            scores["KID", extractor.name] = kid(features, held_out)
            scores["Fréchet", extractor.name] = frechet(features, held_out)
            if extractor is self.extractors[0]:
                for name, estimate in prdc(features, held_out).items():
                    scores[name, extractor.name] = estimate
            probe_features = features if probes is None else extractor(probes)
            ratio = memorisation(probe_features, train, held_out[1::2])
            scores["nearest train ÷ unseen", extractor.name] = ratio
        return scores


def evaluate(
    G: Generator,
    train: Tensor,
    held_out: Tensor,
    extractors: Extractor | Sequence[Extractor],
    n: int = 2000,
    seed: int = 0,
) -> Report:
    """All metrics of G: `n` samples, of the seeds seed … seed + n - 1, against uint8 sets [N, nc, S, S].

    `held_out` must be pictures that G was not trained on. With fewer than `n` pictures in either set, n shrinks to the
    smaller. Raises DatasetError when there are too few pictures to say anything.
    """
    extractors = (extractors,) if isinstance(extractors, Extractor) else tuple(extractors)
    started = time.monotonic()
    train, held_out = shuffled(train, seed), shuffled(held_out, seed + 1)
    n = min(n, len(train), len(held_out))
    yardstick = Yardstick(train, held_out, extractors)
    fakes = sample_pictures(G, n, seed)
    reals, probes = train[:n], held_out[0::2]
    score = yardstick.measure(fakes)
    floor = yardstick.measure(reals, probes)
    blurred = yardstick.measure(blur(reals, BLUR), blur(probes, BLUR))
    noised = yardstick.measure(noise(reals, NOISE), noise(probes, NOISE))
    rows = tuple(
        Row(metric, features, BETTER[metric], *score[key], *floor[key], blurred[key].score, noised[key].score)
        for key in score
        for metric, features in [key]
    )
    hashes = {extractor.name: extractor.sha256 for extractor in extractors}
    return Report(rows, n, len(held_out), len(train), seed, hashes, round(time.monotonic() - started, 1))


def shuffled(pictures: Tensor, seed: int) -> Tensor:
    """The same pictures in a random order that depends on `seed` alone."""
    return pictures[torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))]


@torch.inference_mode()
def sample_pictures(G: Generator, n: int, seed: int = 0, batch: int = 100) -> Tensor:
    """The pictures of the seeds seed … seed + n - 1, uint8 [n, nc, S, S], on the CPU. G is left in its mode."""
    device = next(G.parameters()).device
    training = G.training
    G.eval()
    try:
        parts = []
        for start in range(seed, seed + n, batch):
            z = z_from_seeds(range(start, min(start + batch, seed + n)), G.config.nz)
            parts.append(to_uint8(G(z.to(device)).cpu()))
        return torch.cat(parts)
    finally:
        G.train(training)
