"""Directions of each model: computed at the first request, stored in a file, labelled by users."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dcgan.engine.cache import VersionedCache
from dcgan.engine.directions_file import DirectionsFile, MethodDirections, load_directions, save_directions
from dcgan.engine.workers import Workers
from dcgan.errors import CheckpointError, RequestError
from dcgan.folded import FoldedGenerator
from dcgan.latent import Directions
from dcgan.latent.jacobian import JacobianMetric, jacobian_metric, rank_axes, strongest_axes
from dcgan.latent.pca import METHOD as PCA
from dcgan.latent.pca import pca_axes
from dcgan.latent.sefa import METHOD as SEFA
from dcgan.latent.sefa import sefa_axes
from dcgan.schema import METHODS
from dcgan.schema.direction_labels import MAX_TAUGHT, DirectionLabels, MethodLabels, TaughtDirection
from dcgan.store import ModelStore

log = logging.getLogger(__name__)

DIRECTIONS_PER_METHOD = 8
CACHED_MODELS = 16
NOT_STORED = "Names and taught directions of this model are not stored here, because others share its folder."


class DirectionCatalog:
    """Computes and stores directions by model name. Thread-safe.

    `folded(model)` returns the current generator. `can_write(model)` tells whether the model's folder may be written
    to. If not, or if writing fails, computed directions are cached in memory only.
    """

    def __init__(
        self,
        store: ModelStore,
        workers: Workers,
        folded: Callable[[str], FoldedGenerator],
        can_write: Callable[[str], bool],
    ) -> None:
        self._store = store
        self._workers = workers
        self._folded = folded
        self._can_write = can_write
        self._found: VersionedCache[Directions] = VersionedCache(CACHED_MODELS * len(METHODS))
        self._metrics: VersionedCache[JacobianMetric] = VersionedCache(CACHED_MODELS)
        self._fingerprints: VersionedCache[str] = VersionedCache(CACHED_MODELS)
        self._lock = threading.Lock()  # one change of a file at a time

    def get(self, model: str, method: str = METHODS[0]) -> Directions:
        """Return the directions that one of METHODS finds. The first call takes seconds if they are not in a file."""
        assert method in METHODS, method
        version = self._store.version(model)
        return self._found.get(f"{model} {method}", version, lambda: self._load_or_compute(model, version, method))

    def metric(self, model: str) -> JacobianMetric:
        """Return a model's Jacobian metric. The first call takes seconds."""
        folded = self._folded(model)
        return self._metrics.get(model, self._store.version(model), lambda: self._measure(folded))

    def fingerprint(self, model: str) -> str:
        """Return the fingerprint of the generator's weights; see `FoldedGenerator.fingerprint`."""
        return self._fingerprints.get(model, self._store.version(model), self._folded(model).fingerprint)

    def labels(self, model: str) -> DirectionLabels:
        """Return a model's labels and taught directions, without labels that were given for other weights."""
        kept, weights = self._read(self._store.directions_path(model)), self.fingerprint(model)
        labels = {method: found.labels for method, found in kept.found.items() if found.generator == weights}
        return DirectionLabels(labels, kept.taught)

    # ---- changes by users; each raises RequestError if the change cannot be stored

    def set_labels(self, model: str, method: str, labels: MethodLabels) -> None:
        """Replace the names, locks and order of a method's directions."""
        directions, weights = self.get(model, method), self.fingerprint(model)
        if any(index >= len(directions.axes) for index in (*labels.names, *labels.locked, *labels.order)):
            raise RequestError(
                f"This model has {len(directions.axes)} directions by the method {method}; read them again."
            )
        entry = MethodDirections(directions, weights, labels)
        self._store_change(model, lambda kept: replace(kept, found={**kept.found, method: entry}))

    def add_taught(self, model: str, taught: TaughtDirection) -> None:
        """Add a taught direction, or replace the one with the same vector."""
        nz = self._folded(model).config.nz
        if len(taught.vector) != nz:
            raise RequestError(f"A taught direction of this model has {nz} numbers, not {len(taught.vector)}.")

        def change(kept: DirectionsFile) -> DirectionsFile:
            keys = [one.key for one in kept.taught]
            if taught.key in keys:
                place = keys.index(taught.key)
                return replace(kept, taught=(*kept.taught[:place], taught, *kept.taught[place + 1 :]))
            if len(keys) >= MAX_TAUGHT:
                raise RequestError(f"A model keeps at most {MAX_TAUGHT} taught sliders; remove one first.")
            return replace(kept, taught=(*kept.taught, taught))

        self._store_change(model, change)

    def remove_taught(self, model: str, key: str) -> None:
        """Remove the taught direction with this vector, if there is one."""
        self._store_change(
            model, lambda kept: replace(kept, taught=tuple(one for one in kept.taught if one.key != key))
        )

    def sort_taught(self, model: str, keys: list[str]) -> None:
        """Sort the taught directions by their position in `keys`; unlisted ones come last."""
        places = {key: place for place, key in enumerate(keys)}
        self._store_change(
            model,
            lambda kept: replace(
                kept, taught=tuple(sorted(kept.taught, key=lambda one: places.get(one.key, len(places))))
            ),
        )

    # ---- computation and storage

    def _load_or_compute(self, model: str, version: str, method: str) -> Directions:
        folded, fingerprint = self._folded(model), self.fingerprint(model)
        kept = self._read(self._store.directions_path(model)).get(method, fingerprint)
        if kept is not None and kept.axes.shape[1] == folded.config.nz:
            return kept
        found = self._compute(folded, method, self.metric(model))
        if self._can_write(model):
            try:
                self._change(model, lambda kept: kept.with_found(method, found, fingerprint))
            except OSError as error:
                log.info("Directions are cached in memory only: %s", error)
        return found

    def _measure(self, folded: FoldedGenerator) -> JacobianMetric:
        # One latent at a time, so that visitors' pictures are computed in between.
        return jacobian_metric(folded, map_latents=lambda f, zs: self._workers.map(f, zs, ahead=1))

    def _compute(self, folded: FoldedGenerator, method: str, metric: JacobianMetric) -> Directions:
        if method == "sefa":
            return rank_axes(self._workers.run(sefa_axes, folded), metric, DIRECTIONS_PER_METHOD, SEFA)
        if method == "pca":
            return rank_axes(pca_axes(folded, run=self._workers.run), metric, DIRECTIONS_PER_METHOD, PCA)
        return strongest_axes(metric, DIRECTIONS_PER_METHOD)

    def _read(self, path: Path) -> DirectionsFile:
        if not path.is_file():
            return DirectionsFile()
        try:
            return load_directions(path)
        except CheckpointError as error:
            log.info("Directions are computed again: %s", error)
            return DirectionsFile()

    def _store_change(self, model: str, change: Callable[[DirectionsFile], DirectionsFile]) -> None:
        if not self._can_write(model):
            raise RequestError(NOT_STORED)
        try:
            self._change(model, change)
        except OSError as error:
            reason = error.strerror or "no reason given"
            raise RequestError(
                f"The model's folder cannot be written to ({reason}), so this change is not stored."
            ) from None

    def _change(self, model: str, change: Callable[[DirectionsFile], DirectionsFile]) -> None:
        path = self._store.directions_path(model)
        with self._lock:
            save_directions(path, change(self._read(path)))
