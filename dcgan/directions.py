"""Each model's directions: found when first asked for, kept in its file, named by people, taught by examples."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from dcgan.cache import VersionedCache
from dcgan.directions_file import KeptDirections, load_directions, save_directions
from dcgan.errors import CheckpointError
from dcgan.latent import Directions
from dcgan.latent.directions import Metric, mean_metric, rank, strongest
from dcgan.latent.ganspace import METHOD as PCA
from dcgan.latent.ganspace import pca_axes
from dcgan.latent.sefa import METHOD as SEFA
from dcgan.latent.sefa import sefa_axes
from dcgan.requests import METHODS
from dcgan.serving import ServingG
from dcgan.store import ModelStore
from dcgan.workers import Workers

log = logging.getLogger(__name__)

COUNT = 8
KEPT = 16


class DirectionsBook:
    """Finds and keeps directions; safe to call from many threads.

    `writes(model)` says whether a model's folder may be written to; where not, or where that fails, what was found
    lives as long as the program.
    """

    def __init__(self, store: ModelStore, workers: Workers, writes: Callable[[str], bool] = lambda model: True) -> None:
        self._store = store
        self._workers = workers
        self._writes = writes
        self._found: VersionedCache[Directions] = VersionedCache(KEPT * len(METHODS))
        self._metrics: VersionedCache[Metric] = VersionedCache(KEPT)
        self._lock = threading.Lock()  # of the files

    def get(self, model: str, served: ServingG, method: str = METHODS[0]) -> Directions:
        """A model's directions by one method. The first call takes seconds if no file has them."""
        assert method in METHODS, method
        version = self._store.version(model)
        return self._found.get(f"{model} {method}", version, lambda: self._look(model, version, served, method))

    def _look(self, model: str, version: str, served: ServingG, method: str) -> Directions:
        path, fingerprint = self._store.directions_path(model), served.fingerprint()
        kept = self._read(path).of(method, fingerprint)
        if kept is not None and kept.axes.shape[1] == served.config.nz:
            return kept
        metric = self._metrics.get(model, version, lambda: self._measure(served))
        found = self._find(served, method, metric)
        self._change(model, lambda kept: kept.with_found(method, found, fingerprint))
        return found

    def _measure(self, served: ServingG) -> Metric:
        # One latent at a time: the other cores, and the turns in between, are for the visitors.
        return mean_metric(served, map_latents=lambda f, zs: self._workers.map(f, zs, ahead=1))

    def _find(self, served: ServingG, method: str, metric: Metric) -> Directions:
        if method == "sefa":
            return rank(self._workers.run(sefa_axes, served), metric, COUNT, SEFA)
        if method == "pca":
            return rank(pca_axes(served, run=self._workers.run), metric, COUNT, PCA)
        return strongest(metric, COUNT)

    def _read(self, path: Path) -> KeptDirections:
        if not path.is_file():
            return KeptDirections()
        try:
            return load_directions(path)
        except CheckpointError as error:
            log.info("Finding directions again: %s", error)
            return KeptDirections()

    def _change(self, model: str, change: Callable[[KeptDirections], KeptDirections]) -> None:
        if not self._writes(model):
            return
        path = self._store.directions_path(model)
        with self._lock:
            try:
                save_directions(path, change(self._read(path)))
            except OSError as error:
                log.info("Directions are kept in memory only: %s", error)
