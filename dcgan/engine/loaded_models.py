"""The networks of a store's models, loaded at first use and cached on the device."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from dcgan.checkpoint import load_discriminator, load_generator, pictures_seen
from dcgan.engine.cache import VersionedCache
from dcgan.errors import CheckpointError
from dcgan.folded import FoldedGenerator
from dcgan.latent.encoder import Encoder, load_encoder
from dcgan.models import Discriminator, Generator
from dcgan.store import ModelStore

log = logging.getLogger(__name__)

CACHED_MODELS = 4


@dataclass(frozen=True)
class ModelInfo:
    """A model's shape and training. nimg: number of training pictures seen; 0 and "" where the file has no entry."""

    name: str
    nz: int
    image_size: int
    nc: int
    nimg: int
    data: str
    preset: str
    loss: str
    has_discriminator: bool


@dataclass(frozen=True)
class _FoldedModel:
    folded: FoldedGenerator
    info: dict[str, Any]


class LoadedModels:
    """Loads each network at its first use and again when its file changes. Thread-safe.

    A training run's name stands for its newest snapshot. Every method raises CheckpointError for an unknown model or a
    file that cannot be used.
    """

    def __init__(self, store: ModelStore, device: torch.device) -> None:
        self._store = store
        self._device = device
        self._folded: VersionedCache[_FoldedModel] = VersionedCache(CACHED_MODELS)
        self._generators: VersionedCache[Generator] = VersionedCache(CACHED_MODELS)
        self._discriminators: VersionedCache[Discriminator] = VersionedCache(CACHED_MODELS)
        self._encoders: VersionedCache[Encoder | None] = VersionedCache(CACHED_MODELS)

    def folded(self, name: str) -> FoldedGenerator:
        """Return G for inference."""
        return self._load_folded(name).folded

    def info(self, name: str) -> ModelInfo:
        """Return a model's shape and the facts about its training that its file holds."""
        loaded = self._load_folded(name)
        config, info = loaded.folded.config, loaded.info
        return ModelInfo(
            name=name,
            nz=config.nz,
            image_size=config.image_size,
            nc=config.nc,
            nimg=pictures_seen(info),
            data=str(info.get("data", "")),
            preset=str(info.get("preset", "")),
            loss=str(info.get("loss", "bce")),
            has_discriminator=self._store.discriminator_path(name) is not None,
        )

    def generator(self, name: str) -> Generator:
        """Return G as a torch module, for gradients with respect to z."""
        path = self._store.generator_path(name)
        return self._generators.get(name, self._store.version(name), lambda: load_generator(path).G.to(self._device))

    def discriminator(self, name: str) -> Discriminator | None:
        """Return D, or None if the model has none."""
        path = self._store.discriminator_path(name)
        if path is None:
            return None
        return self._discriminators.get(name, _file_version(path), lambda: load_discriminator(path).to(self._device))

    def encoder(self, name: str) -> Encoder | None:
        """Return the encoder that was trained for these weights of G, or None."""
        path, version = self._store.encoder_path(name), self._store.version(name)
        G = self.generator(name)
        if not path.is_file():
            return None
        return self._encoders.get(name, version + _file_version(path), lambda: self._load_encoder(path, G))

    def _load_folded(self, name: str) -> _FoldedModel:
        def load() -> _FoldedModel:
            loaded = load_generator(self._store.generator_path(name))
            return _FoldedModel(FoldedGenerator(loaded.G, self._device), loaded.info)

        return self._folded.get(name, self._store.version(name), load)

    def _load_encoder(self, path: Path, G: Generator) -> Encoder | None:
        try:
            return load_encoder(path, G).to(self._device)
        except CheckpointError as error:
            log.info("Photos are inverted without an encoder: %s", error)
            return None


def _file_version(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_mtime_ns}-{stat.st_size}"
