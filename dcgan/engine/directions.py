"""Each model's directions: found when first asked for, kept in its file, named by people, taught by examples."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dcgan.engine.cache import VersionedCache
from dcgan.engine.direction_labels import MAX_TAUGHT, Labels, Notes, Taught
from dcgan.engine.directions_file import Found, KeptDirections, load_directions, save_directions
from dcgan.engine.workers import Workers
from dcgan.errors import CheckpointError, RequestError
from dcgan.latent import Directions
from dcgan.latent.jacobian import Metric, mean_metric, rank, strongest
from dcgan.latent.pca import METHOD as PCA
from dcgan.latent.pca import pca_axes
from dcgan.latent.sefa import METHOD as SEFA
from dcgan.latent.sefa import sefa_axes
from dcgan.schema import METHODS
from dcgan.serving import ServingG
from dcgan.store import ModelStore

log = logging.getLogger(__name__)

COUNT = 8
KEPT = 16
SHARED = "This machine is shared, so names and taught sliders are kept in each visitor's own browser."


class DirectionsBook:
    """Finds and keeps directions, by the models' names; safe to call from many threads.

    `served(model)` is the generator as it is now; `writes(model)` says whether a model's folder may be written to.
    Where it may not, or where that fails, what was found lives as long as the program.
    """

    def __init__(
        self,
        store: ModelStore,
        workers: Workers,
        served: Callable[[str], ServingG],
        writes: Callable[[str], bool],
    ) -> None:
        self._store = store
        self._workers = workers
        self._served = served
        self._writes = writes
        self._found: VersionedCache[Directions] = VersionedCache(KEPT * len(METHODS))
        self._metrics: VersionedCache[Metric] = VersionedCache(KEPT)
        self._fingerprints: VersionedCache[str] = VersionedCache(KEPT)
        self._lock = threading.Lock()  # of the files

    def get(self, model: str, method: str = METHODS[0]) -> Directions:
        """A model's directions by one method. The first call takes seconds if no file has them."""
        assert method in METHODS, method
        version = self._store.version(model)
        return self._found.get(f"{model} {method}", version, lambda: self._look(model, version, method))

    def metric(self, model: str) -> Metric:
        """How a model's pictures change with z. The first call takes seconds."""
        served = self._served(model)
        return self._metrics.get(model, self._store.version(model), lambda: self._measure(served))

    def fingerprint(self, model: str) -> str:
        """Of the model's weights; see `ServingG.fingerprint`."""
        return self._fingerprints.get(model, self._store.version(model), self._served(model).fingerprint)

    def notes(self, model: str) -> Notes:
        """What people said of the model's directions. Labels of methods that looked at other weights are left out."""
        kept, weights = self._read(self._store.directions_path(model)), self.fingerprint(model)
        labels = {method: found.labels for method, found in kept.found.items() if found.generator == weights}
        return Notes(labels, kept.taught)

    # ---- what people change; each raises RequestError where it cannot be kept

    def relabel(self, model: str, method: str, labels: Labels) -> None:
        """Names, locks and order for a method's directions."""
        directions, weights = self.get(model, method), self.fingerprint(model)
        if any(index >= len(directions.axes) for index in (*labels.names, *labels.locked, *labels.order)):
            raise RequestError(f"This model has {len(directions.axes)} directions found by {method}; reload the page.")
        entry = Found(directions, weights, labels)
        self._insist(model, lambda kept: replace(kept, found={**kept.found, method: entry}))

    def teach(self, model: str, taught: Taught) -> None:
        """Adds a taught direction, or puts it in the place of the one with the same vector."""
        if len(taught.vector) != self._served(model).config.nz:
            raise RequestError("This direction was taught on a model with another number of dimensions.")

        def change(kept: KeptDirections) -> KeptDirections:
            keys = [one.key for one in kept.taught]
            if taught.key in keys:
                place = keys.index(taught.key)
                return replace(kept, taught=(*kept.taught[:place], taught, *kept.taught[place + 1 :]))
            if len(keys) >= MAX_TAUGHT:
                raise RequestError(f"A model keeps at most {MAX_TAUGHT} taught sliders; remove one first.")
            return replace(kept, taught=(*kept.taught, taught))

        self._insist(model, change)

    def forget(self, model: str, key: str) -> None:
        """Removes the taught direction with this vector, if there is one."""
        self._insist(model, lambda kept: replace(kept, taught=tuple(one for one in kept.taught if one.key != key)))

    def arrange(self, model: str, keys: list[str]) -> None:
        """Puts the taught directions into this order; those that are not named come last."""
        places = {key: place for place, key in enumerate(keys)}
        self._insist(
            model,
            lambda kept: replace(
                kept, taught=tuple(sorted(kept.taught, key=lambda one: places.get(one.key, len(places))))
            ),
        )

    # ---- finding

    def _look(self, model: str, version: str, method: str) -> Directions:
        served, fingerprint = self._served(model), self.fingerprint(model)
        kept = self._read(self._store.directions_path(model)).of(method, fingerprint)
        if kept is not None and kept.axes.shape[1] == served.config.nz:
            return kept
        found = self._find(served, method, self.metric(model))
        if self._writes(model):
            try:
                self._change(model, lambda kept: kept.with_found(method, found, fingerprint))
            except OSError as error:
                log.info("Directions are kept in memory only: %s", error)
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

    def _insist(self, model: str, change: Callable[[KeptDirections], KeptDirections]) -> None:
        if not self._writes(model):
            raise RequestError(
                "This machine is shared, so names and taught sliders are kept in each visitor's browser."
            )
        try:
            self._change(model, change)
        except OSError as error:
            reason = error.strerror or "no reason given"
            raise RequestError(
                f"The model's folder cannot be written to ({reason}), so this is lost when the page is closed."
            ) from None

    def _change(self, model: str, change: Callable[[KeptDirections], KeptDirections]) -> None:
        path = self._store.directions_path(model)
        with self._lock:
            save_directions(path, change(self._read(path)))
