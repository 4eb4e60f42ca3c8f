"""How near a model's latents come to given pictures: its own, and real ones that it never saw.

Its own show whether the search works: they could be met exactly. Real ones show what the model can draw, and are to be
compared with the best of 1,000 random samples.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import torch
from torch import Tensor

from dcgan.checkpoint import LoadedGenerator, load_generator
from dcgan.engine.workers import Workers
from dcgan.errors import RequestError
from dcgan.images import to_float, to_uint8
from dcgan.latent import z_from_seeds
from dcgan.latent.encoder import Encoder, load_encoder
from dcgan.latent.inversion import invert, shell
from dcgan.metrics.split import split_dataset
from dcgan.store import ModelStore

RANDOM = 1000
OWN_SEED = 1_000_000  # far from the seeds that starts, and random samples, are drawn from
TOLERANCE = 0.01  # of ‖z‖: half precision


@dataclass(frozen=True)
class Nearness:
    """One kind of pictures: distances on [-1, 1], one a picture, and how many latents lie in the prior's shell."""

    name: str
    rmse: Tensor
    random: Tensor  # to the best of RANDOM samples
    inside: int
    seconds: float  # a picture

    def row(self) -> str:
        """As a line of the table."""
        middle, tail = (float(self.rmse.quantile(q)) for q in (0.5, 0.9))
        count, nearer = len(self.rmse), int((self.rmse < self.random).sum())
        return (
            f"| {count} {self.name} | {middle:.3f} | {tail:.3f} | {float(self.random.median()):.3f} "
            f"| {nearer} of {count} | {self.inside} of {count} | {self.seconds:.1f} |"
        )


def measure(store: ModelStore, model: str, data: str | None, count: int, report: Callable[[float], None]) -> str:
    """A table of `count` generated and `count` held-out pictures, as Markdown. Raises DatasetError, CheckpointError."""
    loaded = load_generator(store.generator_path(model))
    spec = data or str(loaded.info.get("data", ""))
    if not spec:
        raise RequestError(f"{model} does not say what it was trained on; name the data with --data.")
    split = split_dataset(spec, loaded.config.image_size, loaded.config.nc)
    reals = split.held_out[:count]
    path = store.encoder_path(model)
    encoder = load_encoder(path, loaded.G) if path.is_file() else None
    own = _draw(loaded, range(OWN_SEED, OWN_SEED + count))
    crowd = _draw(loaded, range(RANDOM))
    rows = [
        nearness("generated", loaded, own, crowd, lambda done: report(done / 2), encoder),
        nearness("held-out", loaded, reals, crowd, lambda done: report(0.5 + done / 2), encoder),
    ]
    head = "| pictures | RMSE, median | 90 % | best random, median | nearer than it | ‖z‖ within 99 % | seconds each |"
    lines = [head, "| --- | --- | --- | --- | --- | --- | --- |", *(row.row() for row in rows)]
    start = "the best of few random faces and its encoder's guess" if encoder else "the best of many random faces"
    note = f"**{model}**, {split.note}; started from {start}; RMSE on [-1, 1]; best random of {RANDOM:,}."
    return "\n".join([*lines, "", note])


def nearness(
    name: str,
    loaded: LoadedGenerator,
    pictures: Tensor,
    crowd: Tensor,
    report: Callable[[float], None] = lambda done: None,
    encoder: Encoder | None = None,
) -> Nearness:
    """Looks for uint8 `pictures` [N, nc, S, S] and compares with a `crowd` [M, nc, S, S] of random samples."""
    # one worker, as the page computes it: two threads on one small picture mostly wait for each other
    with closing(Workers(1)) as workers:
        started = time.perf_counter()
        found = invert(
            loaded.G, to_float(pictures), encoder=encoder, report=lambda done, z: report(done), run=workers.run
        )
        seconds = (time.perf_counter() - started) / len(pictures)
    low, high = shell(loaded.config.nz)
    lengths = found.z.norm(dim=1)
    inside = int(((lengths > low - TOLERANCE) & (lengths < high + TOLERANCE)).sum())
    distances = torch.cdist(to_float(pictures).flatten(1), to_float(crowd).flatten(1))
    best = distances.min(dim=1).values / pictures[0].numel() ** 0.5
    return Nearness(name, found.rmse, best, inside, seconds)


@torch.no_grad()
def _draw(loaded: LoadedGenerator, seeds: range) -> Tensor:
    z = z_from_seeds(seeds, loaded.config.nz)
    return torch.cat([to_uint8(loaded.G(part)) for part in z.split(8)])
