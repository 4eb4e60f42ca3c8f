"""Evaluate a model on a data set, both by name, and report; train the networks that the metrics use."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.checkpoint import load_generator, pictures_seen
from dcgan.data import Dataset, open_dataset
from dcgan.data.dataset import OnProgress
from dcgan.errors import DatasetError
from dcgan.metrics.evaluate import Report, evaluate, sample_pictures, shuffled
from dcgan.metrics.face_rate import available, face_rate
from dcgan.metrics.factor_coverage import FactorCoverage, factor_coverage, with_names
from dcgan.metrics.factor_reader import load_reader, train_reader
from dcgan.metrics.features import Extractor, random_extractor, trained_extractor
from dcgan.metrics.split import Split, split_dataset
from dcgan.metrics.table import markdown
from dcgan.metrics.train_features import train_features
from dcgan.store import ModelStore

FACE_PICTURES = 600


@dataclass(frozen=True)
class FactorReport:
    """Which factors of the doodles G draws (`score`), which real ones show (`floor`), and the reader's accuracy."""

    score: FactorCoverage
    floor: FactorCoverage
    accuracy: dict[str, float]


@dataclass(frozen=True)
class ModelReport:
    """A model's report, its name and data, and the metrics that apply to some data only."""

    model: str
    data: str
    info: dict[str, Any]  # of the model's file
    note: str
    report: Report
    face_rate: tuple[float, float] | None  # samples, held-out pictures; None where the pictures are not faces
    factors: FactorReport | None  # doodles only

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return dataclasses.asdict(self)

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
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
    """Return both feature networks: the trained one, which comes with the program, and the random one of seed 0."""
    return trained_extractor(device=device), random_extractor(device=device)


def evaluate_checkpoint(
    model: str | Path, data: str, store: ModelStore, n: int = 2000, seed: int = 0, device: str = "cpu"
) -> ModelReport:
    """Evaluate a model, given by its name in the store or its generator's file, on a data set.

    `data` is the spec of its training data; `split.py` says which pictures are held out. Raises CheckpointError and
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
        # If the detector does not find faces in the real pictures, they are no faces.
        rate = (face_rate(fakes, FACE_PICTURES), reals) if reals > 0.5 else None
    factors: FactorReport | None = None
    if split.dataset.factors:
        loaded_reader = load_reader()
        reader = loaded_reader.reader
        sizes = {name: len(values) for name, values in reader.values.items()}
        real = reader.read(held_out)
        # The floor needs real doodles other than those it is compared with.
        score, floor = (
            with_names(factor_coverage(reader.read(pictures), real, sizes), reader.values)
            for pictures in (fakes, shuffled(split.train, seed)[: len(fakes)])
        )
        factors = FactorReport(score, floor, loaded_reader.accuracy)
    return ModelReport(str(model), split.dataset.name, loaded.info, split.note, report, rate, factors)


def train_extractor(
    specs: list[str], path: Path, steps: int = 1200, on_progress: OnProgress = lambda done, total: None
) -> Path:
    """Train a feature network on the training pictures of these data sets, not the held-out ones. Returns `path`."""
    splits: list[Split] = [split_dataset(spec) for spec in specs]
    about = "; ".join(f"{len(split.train):,} of {split.dataset.name}" for split in splits)
    return train_features([split.train for split in splits], path, steps, description=about, on_progress=on_progress)


def train_factor_reader(
    spec: str, path: Path, epochs: int = 8, on_progress: OnProgress = lambda done, total: None
) -> Path:
    """Train a reader of the doodles' factors. Returns `path`. Raises DatasetError if the data set is not doodles."""
    from dcgan.data.doodles.factors import FACTORS

    dataset: Dataset = open_dataset(spec)
    if not dataset.factors:
        raise DatasetError(f"{spec} has no known factors; use doodles, for example doodles:12000.")
    return train_reader(dataset.pictures, dataset.factors, FACTORS, path, epochs, on_progress=on_progress)


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
        "The reader's accuracy on held-out doodles: "
        + ", ".join(f"{name} {share:.3f}" for name, share in factors.accuracy.items())
        + ".",
    ]
