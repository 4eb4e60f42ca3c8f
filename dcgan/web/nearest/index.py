"""The distance of a face to its nearest training picture, for models whose training pictures have an index.

A missing index is made on request by a separate process, `python -m dcgan index`, at low priority. One index is made at
a time, and all visitors share it.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import subprocess
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from dcgan.data import open_dataset
from dcgan.data.cache_folder import cache_folder
from dcgan.data.pictures_at import pictures_at
from dcgan.engine.cache import VersionedCache
from dcgan.engine.loaded_models import ModelInfo
from dcgan.engine.renderer import Renderer
from dcgan.errors import CheckpointError, DCGANError, RequestError
from dcgan.jobs.child_process import start_command
from dcgan.metrics.features import Extractor, trained_extractor
from dcgan.metrics.nearest import Index, RankedDistance, load_index, rank_distance
from dcgan.metrics.split import training_spec
from dcgan.store import ModelStore
from dcgan.web.nearest.locate import locate_training_data
from dcgan.web.settings import Settings

log = logging.getLogger(__name__)

PICTURES_IN_MEMORY = 256 * 2**20  # bytes of a data set, above which its pictures are not shown
FAILED = "The training pictures could not be compared; the server's log says why."


@dataclass(frozen=True)
class IndexState:
    """The state of a model's index.

    `state`: "ready"; "indexing" while it is made; "available" where it can be made from training pictures on this
    machine; "unavailable" where there are none. `pictures`: whether the nearest pictures can be shown. `doing` and
    `progress` (0 to 1) describe the indexing; `error` says why the last attempt failed.
    """

    state: str
    pictures: bool = False
    doing: str = ""
    progress: float = 0.0
    error: str = ""

    def fields(self) -> dict[str, Any]:
        """The state as JSON."""
        return asdict(self)


class _IndexProgress:
    """The progress of one index that is being made, or the error of one that failed."""

    def __init__(self) -> None:
        self.doing, self.share, self.error, self.running = "waiting", 0.0, "", True


class NearestSearch:
    """Finds the training pictures nearest to a picture. Safe to call from any thread."""

    def __init__(self, store: ModelStore, renderer: Renderer, settings: Settings) -> None:
        self._store, self._renderer, self._settings = store, renderer, settings
        self._lock = threading.Lock()  # guards `_indexing`
        self._process_lock = threading.Lock()  # held while an index is made, so that only one is
        self._indexing: dict[Path, _IndexProgress] = {}
        self._extractors: VersionedCache[Extractor] = VersionedCache(1)
        self._indexes: VersionedCache[Index] = VersionedCache(4)
        self._fingerprints: VersionedCache[str] = VersionedCache(16)
        self._datasets: VersionedCache[Tensor] = VersionedCache(1)

    def state(self, model: str) -> IndexState:
        """Return the state of a model's index. Raises CheckpointError for an unknown model."""
        info = self._renderer.info(model)
        data, path = locate_training_data(model, info.data, self._settings), self._path(model, info)
        with self._lock:
            progress = self._indexing.get(path)
        if progress is not None and progress.running:
            return IndexState("indexing", True, progress.doing, progress.share)
        error = progress.error if progress is not None else ""
        if path.is_file():
            try:
                index = self._index(path)
                return IndexState("ready", data is not None and _can_show_pictures(data, index))
            except CheckpointError as problem:
                log.info("An index cannot be used: %s", problem)
        return IndexState("available", True, error=error) if data is not None else IndexState("unavailable")

    def find(self, model: str, picture: Tensor) -> tuple[RankedDistance, list[int], Index]:
        """Return the distance of uint8 [nc, S, S], the places of the three nearest training pictures, and the index.

        Raises RequestError when the model has no index.
        """
        path = self._path(model, self._renderer.info(model))
        try:
            index = self._index(path)
        except CheckpointError:
            raise RequestError(
                f"{model} has no index of its training pictures; make one: python -m dcgan index --model {model}."
            ) from None
        extractor = self._extractor()
        distances, places = self._renderer.run(lambda picture: index.find(picture, extractor), picture)
        version = self._store.version(model)
        fingerprint = self._fingerprints.get(model, version, lambda: self._renderer.fingerprint(model))
        return rank_distance(index, distances[0], fingerprint), places, index

    def pictures(self, model: str, places: list[int], index: Index) -> Tensor | None:
        """Return the training pictures at these places, uint8 [n, nc, S, S]; None where they are not available."""
        info = self._renderer.info(model)
        data = locate_training_data(model, info.data, self._settings)
        if data is None or not _can_show_pictures(data, index):
            return None
        spec, about = training_spec(data), index.about
        version = f"{spec} {about.image_size} {about.nc}"

        def whole() -> Tensor:
            return self._datasets.get(
                "dataset", version, lambda: open_dataset(spec, about.image_size, about.nc).pictures
            )

        try:
            found = pictures_at(spec, places, about.image_size, about.nc, whole)
        except (DCGANError, IndexError) as problem:
            log.info("The nearest training pictures are not shown: %s", problem)
            return None
        # A different data set under the same name would show unrelated pictures.
        return found if index.holds(found, places, self._extractor()) else None

    def start_indexing(self, model: str) -> IndexState:
        """Start making an index unless there is one or it is being made. Raises RequestError where none can be."""
        state, info = self.state(model), self._renderer.info(model)
        if state.state == "unavailable":
            raise RequestError(
                f"The training pictures of {model} are not available on this server, so no index of them can be made."
            )
        if state.state != "available":
            return state
        path = self._path(model, info)
        with self._lock:
            progress = self._indexing.get(path)
            if progress is None or not progress.running:
                progress = self._indexing[path] = _IndexProgress()
                data = locate_training_data(model, info.data, self._settings) or ""
                threading.Thread(
                    target=self._make, args=(progress, model, data, path), name="index", daemon=True
                ).start()
        return self.state(model)

    def _make(self, progress: _IndexProgress, model: str, data: str, path: Path) -> None:
        try:
            with self._process_lock:
                progress.error = self._run_command(progress, model, data, path)
        except Exception:
            log.exception("making an index failed")
            progress.error = FAILED
        finally:
            progress.running = False

    def _run_command(self, progress: _IndexProgress, model: str, data: str, path: Path) -> str:
        """Run `python -m dcgan index`; return its error sentence, or "" when it succeeded."""
        arguments = ["--model", model, "--data", data, "--out", str(path)]
        folders = {"DCGAN_CHECKPOINTS": str(self._store.checkpoints), "DCGAN_RUNS": str(self._store.runs)}
        process = start_command(
            ["index", *arguments, "--lines", "--nice", "10", "--stop-with-stdin"],
            folders,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        error = FAILED
        for line in io.TextIOWrapper(process.stdout, encoding="utf-8", errors="replace"):
            if line.startswith("{"):
                update = json.loads(line)
                progress.doing, progress.share = update["doing"], update["progress"]
            elif line.startswith("dcgan: "):
                error = line.removeprefix("dcgan: ").strip()
            else:
                log.info("index: %s", line.rstrip())
        return error if process.wait() != 0 else ""

    def _path(self, model: str, info: ModelInfo) -> Path:
        """Return where a model's index is, or is to be written: in a run's folder, or in the cache for a checkpoint."""
        path = self._store.nearest_path(model)
        if path.is_file() or ":" in model:
            return path
        key = hashlib.sha256(f"{info.data} {info.image_size} {info.nc}".encode()).hexdigest()[:12]
        return cache_folder() / "nearest" / f"{model}-{key}.safetensors"

    def _index(self, path: Path) -> Index:
        extractor = self._extractor()
        try:
            stat = path.stat()
        except OSError:
            raise CheckpointError(f"There is no index {path}.") from None
        return self._indexes.get(str(path), f"{stat.st_mtime_ns}-{stat.st_size}", lambda: load_index(path, extractor))

    def _extractor(self) -> Extractor:
        return self._extractors.get("trained", "", trained_extractor)


def _can_show_pictures(data: str, index: Index) -> bool:
    """Whether single pictures can be shown: doodles are drawn again, others must fit into memory."""
    about = index.about
    return data.startswith("doodles") or about.count * about.nc * about.image_size**2 <= PICTURES_IN_MEMORY
