"""Parsing and estimating a film, for the page's route and for the API endpoint."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dcgan.engine.film_formats import FORMATS, write_film
from dcgan.engine.films import film_frames
from dcgan.engine.renderer import Renderer
from dcgan.images import Array
from dcgan.schema import MAX_KEYFRAMES_ONLINE, FilmLimits, FilmSpec, one_of, parse_film, parse_model
from dcgan.web.services import Services

SAMPLE = 9  # number of frames that are made for an estimate
SAMPLE_START = 0.37  # where in the film they begin; a keyframe, where an eased film pauses, is rarely there


@dataclass(frozen=True)
class Film:
    """A film of a model, and a key of `FORMATS` to write it as."""

    model: str
    spec: FilmSpec
    format: str

    def frames(self, renderer: Renderer, only: slice = slice(None)) -> Iterator[Array]:
        """Yield its frames, uint8 [H, W, 3], or only a slice of them, each rendered when it is needed."""
        return film_frames(renderer, self.model, self.spec, only)


def estimate(film: Film, renderer: Renderer) -> dict[str, float]:
    """Estimate {"frames", "seconds", "bytes"} of a film by making a few of its frames.

    The first frame of a film is much larger than those after it. So one frame is made alone, then a film of several.
    """
    count, start = film.spec.count, round(SAMPLE_START * film.spec.count)
    start = max(0, min(start, count - SAMPLE))
    with TemporaryDirectory(prefix="dcgan-estimate-") as folder:
        first = _faster_trial(film, renderer, slice(start, start + 1), Path(folder))
        if count == 1:
            return {"frames": 1, "seconds": first.seconds, "bytes": first.bytes}
        few = _faster_trial(film, renderer, slice(start, start + SAMPLE), Path(folder))
    more = min(SAMPLE, count) - 1
    seconds = first.seconds + (count - 1) * max(0.0, few.seconds - first.seconds) / more
    size = first.bytes + (count - 1) * max(0, few.bytes - first.bytes) / more
    return {"frames": count, "seconds": round(seconds, 2), "bytes": round(size)}


@dataclass(frozen=True)
class _Trial:
    seconds: float
    bytes: int


def _faster_trial(film: Film, renderer: Renderer, only: slice, folder: Path) -> _Trial:
    """Return the faster of two trials, since one of them often shares the processor with the page's thumbnails.

    A slow trial of the single frame would make all other frames seem to take no time.
    """
    return min((_try(film, renderer, only, folder) for _ in range(2)), key=lambda trial: trial.seconds)


def _try(film: Film, renderer: Renderer, only: slice, folder: Path) -> _Trial:
    started = time.perf_counter()
    path = write_film(film.frames(renderer, only), folder / "part", film.spec.fps, film.format)
    return _Trial(time.perf_counter() - started, path.stat().st_size)


def read_film(body: Mapping[str, Any], services: Services) -> Film:
    """Parse {"model", "format"} and the fields of a film, within this server's limits. Raises RequestError."""
    model = parse_model(body, services.store.names)
    services.renderer.info(model)  # raises for an unknown model now, not in the film's thread
    settings = services.settings
    limits = FilmLimits(settings.film_frames, settings.film_size, MAX_KEYFRAMES_ONLINE)
    return Film(model, parse_film(body, limits), one_of(body, "format", tuple(FORMATS)))
