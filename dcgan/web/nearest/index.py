"""How near a face comes to the training pictures, for models that have an index of them or whose pictures are at hand.

An index that is not there yet is made by a process of its own, `python -m dcgan index`, when somebody asks for it: one
at a time, at low priority, and for all who look.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
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
from dcgan.metrics.features import Extractor, trained_extractor
from dcgan.metrics.nearest import Index, Verdict, judge, load_index
from dcgan.metrics.split import training_spec
from dcgan.store import ModelStore
from dcgan.web.nearest.locate import data_at_hand
from dcgan.web.settings import ROOT, Settings

log = logging.getLogger(__name__)

PICTURES_IN_MEMORY = 256 * 2**20  # bytes of a data set, above which its pictures are not shown
FAILED = "The training pictures could not be compared; the server's log says why."


@dataclass(frozen=True)
class State:
    """ "ready" to look; "making" an index; "could" make one; "none": nothing is known of the training pictures.

    `pictures`: whether the nearest can be shown; `error`: why the last attempt to make an index failed.
    """

    state: str
    pictures: bool = False
    doing: str = ""
    progress: float = 0.0
    error: str = ""

    def fields(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


class _Making:
    """An index on its way."""

    def __init__(self) -> None:
        self.doing, self.progress, self.error, self.running = "waiting", 0.0, "", True


class Nearest:
    """Looks pictures up among the training pictures. Safe to call from any thread."""

    def __init__(self, store: ModelStore, renderer: Renderer, settings: Settings) -> None:
        self._store, self._renderer, self._settings = store, renderer, settings
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._makings: dict[Path, _Making] = {}
        self._extractors: VersionedCache[Extractor] = VersionedCache(1)
        self._indexes: VersionedCache[Index] = VersionedCache(4)
        self._fingerprints: VersionedCache[str] = VersionedCache(16)
        self._albums: VersionedCache[Tensor] = VersionedCache(1)

    def state(self, model: str) -> State:
        """What can be said of a model's faces. Raises CheckpointError for an unknown model."""
        info = self._renderer.info(model)
        data, path = data_at_hand(model, info.data, self._settings), self._path(model, info)
        with self._lock:
            making = self._makings.get(path)
        if making is not None and making.running:
            return State("making", True, making.doing, making.progress)
        error = making.error if making is not None else ""
        if path.is_file():
            try:
                index = self._index(path)
                return State("ready", data is not None and _fits(data, index))
            except CheckpointError as problem:
                log.info("Doing without an index: %s", problem)
        return State("could", True, error=error) if data is not None else State("none")

    def look(self, model: str, picture: Tensor) -> tuple[Verdict, list[int], Index]:
        """The verdict on uint8 [nc, S, S], the places of the three nearest training pictures, and the index.

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
        return judge(index, distances[0], fingerprint), places, index

    def pictures(self, model: str, places: list[int], index: Index) -> Tensor | None:
        """The training pictures at these places, uint8 [n, nc, S, S]; None where they are not at hand."""
        info = self._renderer.info(model)
        data = data_at_hand(model, info.data, self._settings)
        if data is None or not _fits(data, index):
            return None
        spec, about = training_spec(data), index.about
        version = f"{spec} {about.image_size} {about.nc}"

        def whole() -> Tensor:
            return self._albums.get("album", version, lambda: open_dataset(spec, about.image_size, about.nc).pictures)

        try:
            found = pictures_at(spec, places, about.image_size, about.nc, whole)
        except (DCGANError, IndexError) as problem:
            log.info("The nearest training pictures are not shown: %s", problem)
            return None
        # another set under the same name would show pictures that have nothing to do with it
        return found if index.holds(found, places, self._extractor()) else None

    def begin(self, model: str) -> State:
        """Begins to make an index, unless there is one or it is on its way. Raises RequestError where it cannot be."""
        state, info = self.state(model), self._renderer.info(model)
        if state.state == "none":
            raise RequestError(f"The pictures that {model} was trained on are not at hand here.")
        if state.state != "could":
            return state
        path = self._path(model, info)
        with self._lock:
            making = self._makings.get(path)
            if making is None or not making.running:
                making = self._makings[path] = _Making()
                data = data_at_hand(model, info.data, self._settings) or ""
                threading.Thread(target=self._make, args=(making, model, data, path), name="index", daemon=True).start()
        return self.state(model)

    def _make(self, making: _Making, model: str, data: str, path: Path) -> None:
        try:
            with self._turn:
                making.error = self._run(making, model, data, path)
        except Exception:
            log.exception("making an index failed")
            making.error = FAILED
        finally:
            making.running = False

    def _run(self, making: _Making, model: str, data: str, path: Path) -> str:
        """Runs the command; returns its sentence if it failed."""
        arguments = ["--model", model, "--data", data, "--out", str(path)]
        python_path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        places = {"DCGAN_CHECKPOINTS": str(self._store.checkpoints), "DCGAN_RUNS": str(self._store.runs)}
        process = subprocess.Popen(
            [sys.executable, "-m", "dcgan", "index", *arguments, "--lines", "--nice", "10", "--stop-with-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **places, "PYTHONPATH": python_path},
            text=True,
        )
        assert process.stdout is not None
        sentence = FAILED
        for line in process.stdout:
            if line.startswith("{"):
                news = json.loads(line)
                making.doing, making.progress = news["doing"], news["progress"]
            elif line.startswith("dcgan: "):
                sentence = line.removeprefix("dcgan: ").strip()
            else:
                log.info("index: %s", line.rstrip())
        return sentence if process.wait() != 0 else ""

    def _path(self, model: str, info: ModelInfo) -> Path:
        """The model's own index; where there is none, a run's in its folder, and a checkpoint's in the cache."""
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


def _fits(data: str, index: Index) -> bool:
    """Whether pictures can be shown: drawn again, or few enough to be kept in memory."""
    about = index.about
    return data.startswith("doodles") or about.count * about.nc * about.image_size**2 <= PICTURES_IN_MEMORY
