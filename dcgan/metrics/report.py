"""Whole evaluations, from names to a report: what the command line calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.checkpoint import load_generator, pictures_seen
from dcgan.data import Dataset, open_dataset
from dcgan.errors import DatasetError
from dcgan.metrics.evaluate import Report, evaluate, sample_pictures, shuffled
from dcgan.metrics.facerate import available, face_rate
from dcgan.metrics.factor_reader import load_reader, train_reader
from dcgan.metrics.factors import FactorCoverage, factor_coverage, with_names
from dcgan.metrics.features import Extractor, random_extractor, trained_extractor
from dcgan.metrics.split import Split, split_dataset
from dcgan.metrics.table import markdown
from dcgan.metrics.train_features import train_features
from dcgan.store import ModelStore

Say = Callable[[str], None]
FACE_PICTURES = 600


@dataclass(frozen=True)
class FactorReport:
    """The doodles' factors: what G draws, what as many real doodles show, how often the reader is right."""

    score: FactorCoverage
    floor: FactorCoverage
    accuracy: dict[str, float]


@dataclass(frozen=True)
class ModelReport:
    """A model's report with its name, its data and what is measured on some data only."""

    model: str
    data: str
    info: dict[str, Any]  # what the model's file says about itself
    note: str
    report: Report
    face_rate: tuple[float, float] | None  # samples, held-out pictures; None where the pictures are not faces
    factors: FactorReport | None  # doodles only

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return dataclasses.asdict(self)

    def to_markdown(self) -> str:
        """The report as a person reads it."""
        count = pictures_seen(self.info)
        seen = f", {count:,} pictures seen" if count else ""
        lines = [f"**{self.model}** on {self.data}{seen}; {self.note}.", "", markdown(self.report)]
        if self.face_rate is not None:
            fakes, reals = self.face_rate
            lines += ["", f"Haar face rate ({FACE_PICTURES} pictures): {fakes:.3f}, real pictures {reals:.3f}."]
        if self.factors is not None:
            lines += ["", *_factor_lines(self.factors)]
        return "\n".join(lines)


def extractors(device: str = "cpu") -> tuple[Extractor, Extractor]:
    """Both feature networks: the trained one that ships, and the random one of seed 0."""
    return trained_extractor(device=device), random_extractor(device=device)


def evaluate_checkpoint(
    model: str | Path, data: str, store: ModelStore, n: int = 2000, seed: int = 0, device: str = "cpu"
) -> ModelReport:
    """Measures a model, by its name in the store or the path of its generator's file, on a data set.

    `data` is the spec it was trained on; `split.py` says which pictures count as held out. Raises CheckpointError,
    DatasetError.
    """
    path = Path(model) if Path(model).is_file() else store.generator_path(str(model))
    loaded = load_generator(path)
    split = split_dataset(data, loaded.config.image_size, loaded.config.nc)
    G = loaded.G.to(device)
    report = evaluate(G, split.train, split.held_out, extractors(device), n, seed)
    fakes = sample_pictures(G, n, seed)
    held_out = shuffled(split.held_out, seed)
    rate: tuple[float, float] | None = None
    if available():
        reals = face_rate(held_out, FACE_PICTURES)
        # Where the detector does not know the real pictures, its opinion of the samples is worth nothing.
        rate = (face_rate(fakes, FACE_PICTURES), reals) if reals > 0.5 else None
    factors: FactorReport | None = None
    if split.dataset.factors:
        loaded_reader = load_reader()
        reader = loaded_reader.reader
        sizes = {name: len(values) for name, values in reader.values.items()}
        real = reader.read(held_out)
        # The floor is read off real doodles other than those that set the expectation.
        score, floor = (
            with_names(factor_coverage(reader.read(pictures), real, sizes), reader.values)
            for pictures in (fakes, shuffled(split.train, seed)[: len(fakes)])
        )
        factors = FactorReport(score, floor, loaded_reader.accuracy)
    return ModelReport(str(model), split.dataset.name, loaded.info, split.note, report, rate, factors)


def train_extractor(specs: list[str], path: Path, steps: int = 1200, say: Say = print) -> Path:
    """Trains the feature network anew on the training pictures of some data sets; held-out ones are left out."""
    splits: list[Split] = [split_dataset(spec) for spec in specs]
    about = "; ".join(f"{len(split.train):,} of {split.dataset.name}" for split in splits)
    return train_features([split.train for split in splits], path, steps, description=about, report=say)


def train_factor_reader(spec: str, path: Path, epochs: int = 8, say: Say = print) -> Path:
    """Trains the reader of the doodles' factors anew. Raises DatasetError when the data set is not doodles."""
    from dcgan.data.doodles.factors import FACTORS

    dataset: Dataset = open_dataset(spec)
    if not dataset.factors:
        raise DatasetError(f"{spec} has no known factors; write doodles:12000 or the like.")
    return train_reader(dataset.pictures, dataset.factors, FACTORS, path, epochs, report=say)


def _factor_lines(factors: FactorReport) -> list[str]:
    score, floor = factors.score, factors.floor
    return [
        "| factors | samples | real doodles |",
        "| --- | --- | --- |",
        f"| values drawn | {score.values_drawn} of {score.values} | {floor.values_drawn} of {floor.values} |",
        f"| pairs of values drawn | {score.pairs_drawn} of {score.pairs} | {floor.pairs_drawn} of {floor.pairs} |",
        f"| imbalance (total variation) | {score.imbalance:.3f} | {floor.imbalance:.3f} |",
        "",
        f"Never drawn: {', '.join(score.missing) or 'nothing'}.",
        "The reader's accuracy on doodles it never saw: "
        + ", ".join(f"{name} {share:.3f}" for name, share in factors.accuracy.items())
        + ".",
    ]
