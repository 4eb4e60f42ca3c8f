"""Model names and latents in, pictures out: what pages, the API and the command line draw with.

One renderer serves all visitors. Models are loaded when they are first asked for, the last few are kept, and a training
run's newer snapshot is taken as soon as it is on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from dcgan.checkpoint import load_discriminator, load_generator, pictures_seen
from dcgan.device import choose_device
from dcgan.engine.cache import VersionedCache
from dcgan.engine.directions import DirectionCatalog
from dcgan.engine.units import LayerInspection, Units, inspect_layers, with_units_off
from dcgan.engine.workers import Workers, available_cores
from dcgan.errors import CheckpointError, RequestError
from dcgan.folded import FoldedGenerator
from dcgan.images import to_float, to_uint8
from dcgan.latent import Directions, z_from_seeds
from dcgan.latent.encoder import Encoder, load_encoder
from dcgan.latent.fit_direction import FittedDirection, fit_direction
from dcgan.latent.inversion import Inversion, OnProgress, invert
from dcgan.models import Discriminator, Generator
from dcgan.schema import METHODS, Edit, Face, check_seed
from dcgan.store import ModelStore

log = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")

KEPT_MODELS = 4


@dataclass(frozen=True)
class ModelInfo:
    """What a page says about a model. nimg: pictures it was trained on; 0 and "" where its file does not say."""

    name: str
    nz: int
    image_size: int
    nc: int
    nimg: int
    data: str
    preset: str
    loss: str  # what D learned by
    has_discriminator: bool


@dataclass(frozen=True)
class _Model:
    folded: FoldedGenerator
    info: dict[str, Any]


@dataclass(frozen=True)
class _LatentSpace:
    """What faces have to know of a model; see `dcgan.schema.LatentSpace`."""

    nz: int
    directions: Callable[[str], Tensor]


class Renderer:
    """Draws with any model of a store; safe to call from many threads.

    `device` is "cuda", "mps" or "cpu", or None to take the best there is; `writes(model)` says whether what is found
    out about a model may be kept in its folder. Every picture is computed by itself: for one
    z it is the same to the last bit, whatever else is asked for with it or meanwhile.
    """

    def __init__(
        self, store: ModelStore, device: str | None = None, writes: Callable[[str], bool] = lambda model: True
    ) -> None:
        self.store = store
        self.device = choose_device(device)
        # A GPU runs one picture after another anyway; a second thread would only get in the first one's way.
        self._workers = Workers(available_cores() if self.device.type == "cpu" else 1)
        self.device_label = _label(self.device, self._workers.count)
        self._models: VersionedCache[_Model] = VersionedCache(KEPT_MODELS)
        self._trainable: VersionedCache[Generator] = VersionedCache(KEPT_MODELS)
        self._encoders: VersionedCache[Encoder | None] = VersionedCache(KEPT_MODELS)
        self._discriminators: VersionedCache[Discriminator] = VersionedCache(KEPT_MODELS)
        self.book = DirectionCatalog(store, self._workers, lambda name: self._model(name).folded, writes)

    def info(self, model: str) -> ModelInfo:
        """What there is to know about a model. Raises CheckpointError, as every method does for an unknown name."""
        loaded = self._model(model)
        config, info = loaded.folded.config, loaded.info
        return ModelInfo(
            name=model,
            nz=config.nz,
            image_size=config.image_size,
            nc=config.nc,
            nimg=pictures_seen(info),
            data=str(info.get("data", "")),
            preset=str(info.get("preset", "")),
            loss=str(info.get("loss", "bce")),
            has_discriminator=self.store.discriminator_path(model) is not None,
        )

    def latent(self, model: str, face: Face) -> Tensor:
        """A face's latent [nz]. Raises RequestError for a dimension or a direction that the model does not have."""
        return face.latent(self._space(model))

    def latents(self, model: str, faces: Sequence[Face]) -> Tensor:
        """The latents of several faces, [N, nz]."""
        return torch.stack([self.latent(model, face) for face in faces])

    def render(self, model: str, z: Tensor, off: Units = ()) -> Tensor:
        """Pictures of latents: float [N, nz] → uint8 [N, nc, S, S]. Raises RequestError for any other shape.

        `off`: (layer, unit) of units that are to be 0; see `dcgan.engine.units`.
        """
        config = self._model(model).folded.config
        pictures = list(self.render_many(model, z, off))
        return (
            torch.stack(pictures)
            if pictures
            else torch.empty(0, config.nc, config.image_size, config.image_size, dtype=torch.uint8)
        )

    def render_many(self, model: str, z: Tensor, off: Units = ()) -> Iterator[Tensor]:
        """The same one by one and lazily, on all cores: yields uint8 [nc, S, S] for each latent, in order."""
        if z.ndim != 2:
            raise RequestError(f"{model} draws from finite latents [N, nz], not {list(z.shape)}.")
        return self.render_each(model, z[:, None], lambda pictures: pictures[0], off)

    def render_each(self, model: str, groups: Tensor, finish: Callable[[Tensor], R], off: Units = ()) -> Iterator[R]:
        """What `finish` makes, on the same cores, of the pictures uint8 [n, nc, S, S] of each group of latents.

        groups: float [N, n, nz]. In order and lazily, like `render_many`.
        """
        folded = self._model(model).folded
        if groups.ndim != 3 or groups.shape[2] != folded.config.nz or not torch.isfinite(groups).all():
            raise RequestError(
                f"{model} draws from finite latents of {folded.config.nz} numbers, not {list(groups.shape)}."
            )

        draw_one = with_units_off(folded, off)

        def draw(group: Tensor) -> R:
            return finish(torch.cat([to_uint8(draw_one(z[None])) for z in group]).contiguous().cpu())

        # a group takes a worker long: where it does, fewer are queued, so that others' pictures come in between
        ahead = None if groups.shape[1] == 1 else self._workers.count
        return self._workers.map(draw, groups.float(), ahead)

    def check_off(self, model: str, off: Units) -> None:
        """Raises RequestError for units that are to be off and that the model does not have."""
        with_units_off(self._model(model).folded, off)

    def inspect_layers(self, model: str, z: Tensor, off: Units = (), count: int = 16) -> LayerInspection:
        """What the model's layers hold for a latent z [nz]: their `count` strongest units; see `dcgan.engine.units`."""
        folded = self._model(model).folded
        assert z.shape == (folded.config.nz,), z.shape
        return inspect_layers(folded, z, off, count, self._workers.run)

    def directions(self, model: str, method: str = METHODS[0]) -> Directions:
        """The directions that change a model's pictures most, by a method of METHODS.

        Finding them takes seconds, on the first call if no file has them. They are then written beside the model where
        that is allowed.
        """
        return self.book.get(model, method)

    def fit_direction(
        self, model: str, has: Sequence[int], has_not: Sequence[int], locked: Sequence[Edit] = ()
    ) -> FittedDirection:
        """The direction towards a trait that some seeds' pictures have and others' have not; see `latent.teach`.

        It is at right angles to the directions of `locked`, whose amounts do not matter.
        """
        space = self._space(model)
        held = [edit.axis(space) for edit in locked]
        has_z, has_not_z = (z_from_seeds([*map(check_seed, seeds)], space.nz) for seeds in (has, has_not))
        return fit_direction(
            self._trainable_generator(model),
            self._discriminator(model),
            has_z,
            has_not_z,
            self.book.metric(model).gram,
            torch.stack(held) if held else None,
            lambda f, parts: self._workers.map(f, parts, ahead=self._workers.count),
        )

    def score(self, model: str, pictures: Tensor) -> Tensor | None:
        """D's logits [N] for uint8 pictures [N, nc, S, S] (sigmoid gives D(x)); None if the model has no D."""
        D = self._discriminator(model)
        if D is None:
            return None
        expected = (D.config.nc, D.config.image_size, D.config.image_size)
        if pictures.ndim != 4 or tuple(pictures.shape[1:]) != expected or pictures.dtype != torch.uint8:
            raise RequestError(f"{model} takes uint8 pictures {[*expected]}, not {list(pictures.shape[1:])}.")

        @torch.no_grad()
        def logit_of(picture: Tensor) -> Tensor:
            logit: Tensor = D(to_float(picture[None]).to(self.device)).cpu()
            return logit

        logits = list(self._workers.map(logit_of, pictures))
        return torch.cat(logits) if logits else torch.empty(0)

    def invert(
        self,
        model: str,
        pictures: Tensor,
        seed: int = 0,
        on_progress: OnProgress = lambda progress, z: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Inversion:
        """The latents whose pictures are nearest to uint8 `pictures` [N, nc, S, S]; see `latent.invert`.

        Takes seconds. Each evaluation is one task of the workers, so those who drag a slider get their turns between.
        """
        encoder_path, version = self.store.encoder_path(model), self.store.version(model)
        G = self._trainable_generator(model)
        encoder = None
        if encoder_path.is_file():
            version += _file_version(encoder_path)
            encoder = self._encoders.get(model, version, lambda: self._load_encoder(encoder_path, G))
        expected = (G.config.nc, G.config.image_size, G.config.image_size)
        if pictures.ndim != 4 or tuple(pictures.shape[1:]) != expected or pictures.dtype != torch.uint8:
            raise RequestError(f"{model} looks for uint8 pictures {[*expected]}, not {list(pictures.shape[1:])}.")
        run = self._workers.run
        return invert(
            G, to_float(pictures), seed=seed, encoder=encoder, on_progress=on_progress, should_stop=should_stop, run=run
        )

    def fingerprint(self, model: str) -> str:
        """Sixteen letters that two models share only if their generators' weights are the same."""
        return self._model(model).folded.fingerprint()

    def run(self, task: Callable[[T], R], item: T) -> R:
        """Runs a short task on the renderer's threads, in its turn among the pictures, and waits for it."""
        return self._workers.run(task, item)

    def close(self) -> None:
        """Ends the renderer's threads."""
        self._workers.close()

    def _space(self, model: str) -> _LatentSpace:
        return _LatentSpace(self._model(model).folded.config.nz, lambda method: self.directions(model, method).axes)

    def _model(self, name: str) -> _Model:
        return self._models.get(name, self.store.version(name), lambda: self._load(name))

    def _load(self, name: str) -> _Model:
        loaded = load_generator(self.store.generator_path(name))
        return _Model(FoldedGenerator(loaded.G, self.device), loaded.info)

    def _trainable_generator(self, name: str) -> Generator:
        """G as torch has it, through which gradients pass."""
        path = self.store.generator_path(name)
        return self._trainable.get(name, self.store.version(name), lambda: load_generator(path).G.to(self.device))

    def _discriminator(self, name: str) -> Discriminator | None:
        path = self.store.discriminator_path(name)
        if path is None:
            return None
        return self._discriminators.get(name, _file_version(path), lambda: load_discriminator(path).to(self.device))

    def _load_encoder(self, path: Path, G: Generator) -> Encoder | None:
        try:
            return load_encoder(path, G).to(self.device)
        except CheckpointError as error:
            log.info("Looking for faces without an encoder: %s", error)
            return None


def _label(device: torch.device, threads: int) -> str:
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    if device.type == "mps":
        return "Apple GPU"
    return f"CPU · {threads} thread{'s' if threads > 1 else ''}"


def _file_version(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_mtime_ns}-{stat.st_size}"
