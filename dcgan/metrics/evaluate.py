"""All metrics of one generator, each beside the scores of real and of damaged pictures.

    reference  the held-out pictures, which G never saw
    score      n samples of G against the reference
    floor      n training pictures against the reference: what a perfect G could reach
    ceiling    the same n training pictures, blurred or noised, against the reference: what a bad G would get

The nearest-neighbour metrics (precision, recall, density, coverage) use the first extractor only. In random features a
blurred picture is near every other one, so it would score well. All four columns use equally many pictures. Scores can
therefore be compared along a row, but not between reports of different counts, extractors or data.
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

MIN_PICTURES = 32
BLUR, NOISE = 2.0, 40.0  # of the ceilings: pixels, gray levels

# Whether a lower or a higher score is better; "as floor": the real pictures' score is best.
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
    """The scores of one metric with the extractor `features`; `error` is the standard error of `score`."""

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
    """The rows, and what is needed to repeat them: counts, first seed, weights of the extractors."""

    rows: tuple[Row, ...]
    pictures: int
    reference: int
    train: int
    seed: int
    extractors: dict[str, str]  # name → sha256 of the weights
    seconds: float

    def row(self, metric: str, features: str = "trained") -> Row:
        """Return the row of a metric. Raises KeyError if there is none."""
        for row in self.rows:
            if (row.metric, row.features) == (metric, features):
                return row
        raise KeyError((metric, features))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return dataclasses.asdict(self)


Scores = dict[tuple[str, str], Estimate]


class Evaluator:
    """Measures sets of pictures against the same training and held-out pictures, whose features it computes once."""

    def __init__(self, train: Tensor, held_out: Tensor, extractors: Sequence[Extractor]) -> None:
        """Compute the features of `train` and `held_out`, uint8 [N, nc, S, S] in random order.

        The first extractor is the main one. Raises DatasetError for fewer than MIN_PICTURES pictures in either set.
        """
        if min(len(train), len(held_out)) < MIN_PICTURES:
            raise DatasetError(
                f"An evaluation needs at least {MIN_PICTURES} training and {MIN_PICTURES} held-out pictures; here are "
                f"{len(train)} and {len(held_out)}. Take a larger data set."
            )
        self.extractors = tuple(extractors)
        self.train_features = [extractor(train) for extractor in self.extractors]
        self.held_out_features = [extractor(held_out) for extractor in self.extractors]

    def measure(self, pictures: Tensor, probes: Tensor | None = None) -> Scores:
        """Compute every metric of uint8 pictures [n, nc, S, S] in random order: (metric, extractor's name) → estimate.

        `probes` replace the pictures in the memorisation ratio: for the floor, those must be reals that G never saw.
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
    """Compute all metrics of G: `n` samples, of the seeds seed … seed + n - 1, against uint8 sets [N, nc, S, S].

    `held_out` must be pictures that G was not trained on. If a set has fewer than `n` pictures, n is that number.
    Raises DatasetError for too few pictures.
    """
    extractors = (extractors,) if isinstance(extractors, Extractor) else tuple(extractors)
    started = time.monotonic()
    train, held_out = shuffled(train, seed), shuffled(held_out, seed + 1)
    n = min(n, len(train), len(held_out))
    evaluator = Evaluator(train, held_out, extractors)
    fakes = sample_pictures(G, n, seed)
    reals, probes = train[:n], held_out[0::2]
    score = evaluator.measure(fakes)
    floor = evaluator.measure(reals, probes)
    blurred = evaluator.measure(blur(reals, BLUR), blur(probes, BLUR))
    noised = evaluator.measure(noise(reals, NOISE), noise(probes, NOISE))
    rows = tuple(
        Row(metric, features, BETTER[metric], *score[key], *floor[key], blurred[key].score, noised[key].score)
        for key in score
        for metric, features in [key]
    )
    hashes = {extractor.name: extractor.sha256 for extractor in extractors}
    return Report(rows, n, len(held_out), len(train), seed, hashes, round(time.monotonic() - started, 1))


def shuffled(pictures: Tensor, seed: int) -> Tensor:
    """Return the pictures in a random order that depends on `seed` alone."""
    return pictures[torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))]


@torch.inference_mode()
def sample_pictures(G: Generator, n: int, seed: int = 0, batch: int = 100) -> Tensor:
    """Draw the pictures of the seeds seed … seed + n - 1, uint8 [n, nc, S, S], on the CPU, with G in eval mode."""
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
