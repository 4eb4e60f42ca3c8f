"""Computes pictures, directions, D's scores and inversions of a store's models, for the page, the API and the CLI.

All visitors share one renderer, and with it the cached models and the worker threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from dcgan.config import ModelConfig
from dcgan.device import choose_device
from dcgan.engine.directions import DirectionCatalog
from dcgan.engine.discriminator_units import DiscriminatorInspection, inspect_discriminator
from dcgan.engine.loaded_models import LoadedModels, ModelInfo
from dcgan.engine.units import LayerInspection, Units, inspect_layers, with_units_off
from dcgan.engine.workers import Workers, available_cores
from dcgan.errors import RequestError
from dcgan.images import to_float, to_uint8
from dcgan.latent import Directions, z_from_seeds
from dcgan.latent.fit_direction import FittedDirection, fit_direction
from dcgan.latent.inversion import Inversion, OnProgress, invert
from dcgan.models import Discriminator, Generator
from dcgan.schema import METHODS, Edit, Face, check_seed
from dcgan.store import ModelStore

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class _LatentSpace:
    """Implements `dcgan.schema.LatentSpace` for one model."""

    nz: int
    directions: Callable[[str], Tensor]


class Renderer:
    """Computes with any model of a store, by name. Thread-safe.

    `device` is "cuda", "mps" or "cpu"; None chooses the fastest that is available. `can_write(model)` tells whether
    directions may be stored in the model's folder. `check` is called before each task, on the request's thread; it may
    raise Cancelled, which ends the request's work. Each picture is computed alone, so a latent's picture is the same
    bit for bit in every request. Every method that takes a model's name raises CheckpointError for an unknown one.
    """

    def __init__(
        self,
        store: ModelStore,
        device: str | None = None,
        can_write: Callable[[str], bool] = lambda model: True,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self._check = check
        self.device = choose_device(device)
        # A GPU runs one picture at a time, so more threads would only compete for it.
        self._workers = Workers(available_cores() if self.device.type == "cpu" else 1)
        self.device_label = _label(self.device, self._workers.count)
        self._models = LoadedModels(store, self.device)
        self.catalog = DirectionCatalog(store, self._workers, self._models.folded, can_write)

    def info(self, model: str) -> ModelInfo:
        """Return a model's shape and the facts about its training."""
        return self._models.info(model)

    def network_configs(self, model: str) -> tuple[ModelConfig, ModelConfig | None]:
        """Return the configurations of a model's G and of its D; None if it has no D."""
        D = self._models.discriminator(model)
        return self._models.folded(model).config, None if D is None else D.config

    def latent(self, model: str, face: Face) -> Tensor:
        """Return a face's latent [nz]. Raises RequestError for a dimension or direction that the model lacks."""
        return face.latent(self._space(model))

    def latents(self, model: str, faces: Sequence[Face]) -> Tensor:
        """Return the latents [N, nz] of several faces."""
        return torch.stack([self.latent(model, face) for face in faces])

    def render(self, model: str, z: Tensor, off: Units = ()) -> Tensor:
        """Compute pictures uint8 [N, nc, S, S] of latents z, float [N, nz].

        `off` lists the ablated units (`dcgan.engine.units`). Raises RequestError for latents of another shape, for
        numbers that are not finite, and for a unit that the model lacks.
        """
        config = self._models.folded(model).config
        pictures = list(self.render_many(model, z, off))
        return (
            torch.stack(pictures)
            if pictures
            else torch.empty(0, config.nc, config.image_size, config.image_size, dtype=torch.uint8)
        )

    def render_many(self, model: str, z: Tensor, off: Units = ()) -> Iterator[Tensor]:
        """Yield the picture uint8 [nc, S, S] of each latent of z [N, nz] in order, lazily; see `render`."""
        if z.ndim != 2:
            raise RequestError(f"{model} draws from finite latents [N, nz], not {list(z.shape)}.")
        return self.render_each(model, z[:, None], lambda pictures: pictures[0], off)

    def render_each(self, model: str, groups: Tensor, finish: Callable[[Tensor], R], off: Units = ()) -> Iterator[R]:
        """Yield finish(pictures) for each group of latents in order, lazily; see `render`.

        groups: float [N, n, nz]. `finish` takes the pictures uint8 [n, nc, S, S] of one group, on a worker thread.
        """
        folded = self._models.folded(model)
        if groups.ndim != 3 or groups.shape[2] != folded.config.nz or not torch.isfinite(groups).all():
            raise RequestError(
                f"{model} draws from finite latents of {folded.config.nz} numbers, not {list(groups.shape)}."
            )

        draw_one = with_units_off(folded, off)

        def draw(group: Tensor) -> R:
            return finish(torch.cat([to_uint8(draw_one(z[None])) for z in group]).contiguous().cpu())

        # Groups are slow; queue fewer, so that other visitors' tasks run in between.
        ahead = None if groups.shape[1] == 1 else self._workers.count
        return self._map(draw, groups.float(), ahead)

    def check_units_off(self, model: str, off: Units) -> None:
        """Raise RequestError if `off` lists a unit that the model lacks."""
        with_units_off(self._models.folded(model), off)

    def inspect_layers(self, model: str, z: Tensor, off: Units = (), count: int = 16) -> LayerInspection:
        """Return the `count` units of each layer with the largest effect, for z [nz]; see `dcgan.engine.units`."""
        folded = self._models.folded(model)
        assert z.shape == (folded.config.nz,), z.shape
        return inspect_layers(folded, z, off, count, self.run)

    def inspect_discriminator(self, model: str, picture: Tensor, count: int = 16) -> DiscriminatorInspection | None:
        """Return what D computes of a picture uint8 [nc, S, S]; None if the model has no D.

        See `dcgan.engine.discriminator_units`. Raises RequestError for a picture of another shape or type.
        """
        D = self._models.discriminator(model)
        if D is None:
            return None
        _check_pictures(model, D, picture[None])
        return self.run(lambda given: inspect_discriminator(D, to_float(given).to(self.device), count), picture)

    def directions(self, model: str, method: str = METHODS[0]) -> Directions:
        """Return the directions that one of METHODS finds; see `DirectionCatalog.get`."""
        return self.catalog.get(model, method)

    def fit_direction(
        self, model: str, has: Sequence[int], has_not: Sequence[int], locked: Sequence[Edit] = ()
    ) -> FittedDirection:
        """Fit a direction to seeds whose pictures have a trait and seeds whose pictures do not.

        See `dcgan.latent.fit_direction`. The result is orthogonal to the axes of `locked`, whose amounts are ignored.
        """
        space = self._space(model)
        locked_axes = [edit.axis(space) for edit in locked]
        has_z, has_not_z = (z_from_seeds([*map(check_seed, seeds)], space.nz) for seeds in (has, has_not))
        return fit_direction(
            self._models.generator(model),
            self._models.discriminator(model),
            has_z,
            has_not_z,
            self.catalog.metric(model).gram,
            torch.stack(locked_axes) if locked_axes else None,
            lambda f, parts: self._map(f, parts, ahead=self._workers.count),
        )

    def logits(self, model: str, pictures: Tensor) -> Tensor | None:
        """Return D's logits [N] for uint8 pictures [N, nc, S, S], or None if the model has no D.

        D(x) is the sigmoid of a logit. Raises RequestError for pictures of another shape or type.
        """
        D = self._models.discriminator(model)
        if D is None:
            return None
        _check_pictures(model, D, pictures)

        @torch.no_grad()
        def logit_of(picture: Tensor) -> Tensor:
            logit: Tensor = D(to_float(picture[None]).to(self.device)).cpu()
            return logit

        logits = list(self._map(logit_of, pictures))
        return torch.cat(logits) if logits else torch.empty(0)

    def invert(
        self,
        model: str,
        pictures: Tensor,
        seed: int = 0,
        on_progress: OnProgress = lambda progress, z: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Inversion:
        """Find the latents whose pictures are nearest to uint8 `pictures` [N, nc, S, S]; see `dcgan.latent.inversion`.

        Takes seconds. Each evaluation is one task of the workers, so other visitors' tasks run in between. Raises
        RequestError for pictures of another shape or type.
        """
        G, encoder = self._models.generator(model), self._models.encoder(model)
        _check_pictures(model, G, pictures)
        return invert(
            G,
            to_float(pictures),
            seed=seed,
            encoder=encoder,
            on_progress=on_progress,
            should_stop=should_stop,
            run=self.run,
        )

    def fingerprint(self, model: str) -> str:
        """Return sixteen characters that two models share only if their generators' weights are equal."""
        return self._models.folded(model).fingerprint()

    def run(self, task: Callable[[T], R], item: T) -> R:
        """Run a short task on a worker thread, in order of arrival, and return its result."""
        self._check()
        return self._workers.run(task, item)

    def _map(self, task: Callable[[T], R], items: Iterable[T], ahead: int | None = None) -> Iterator[R]:
        """Run a task on each item on the worker threads, lazily, and yield the results in order."""

        def checked() -> Iterator[T]:
            for item in items:
                self._check()
                yield item

        return self._workers.map(task, checked(), ahead)

    def close(self) -> None:
        """End the worker threads once their queue is empty."""
        self._workers.close()

    def _space(self, model: str) -> _LatentSpace:
        return _LatentSpace(self._models.folded(model).config.nz, lambda method: self.directions(model, method).axes)


def _check_pictures(model: str, network: Generator | Discriminator, pictures: Tensor) -> None:
    config = network.config
    expected = (config.nc, config.image_size, config.image_size)
    if pictures.ndim != 4 or tuple(pictures.shape[1:]) != expected or pictures.dtype != torch.uint8:
        given = f"{str(pictures.dtype).removeprefix('torch.')} {list(pictures.shape[1:])}"
        raise RequestError(f"{model} takes uint8 pictures {[*expected]}, not {given}.")


def _label(device: torch.device, threads: int) -> str:
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    if device.type == "mps":
        return "Apple GPU"
    return f"CPU · {threads} thread{'s' if threads > 1 else ''}"
