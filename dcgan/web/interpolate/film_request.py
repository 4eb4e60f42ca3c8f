"""What a film is, checked, and its frames, lazily: shared by the page's route and the named API."""

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

SAMPLE = 9  # frames that are made for an estimate
SAMPLE_AT = 0.37  # from here on: a place of no meaning, so that it is seldom a rest at a face


@dataclass(frozen=True)
class Film:
    """A film of a model, and a key of `FORMATS` to write it as."""

    model: str
    spec: FilmSpec
    format: str

    def frames(self, renderer: Renderer, only: slice = slice(None)) -> Iterator[Array]:
        """Its frames [H, W, 3] uint8, or only some of them, rendered as they are asked for."""
        return film_frames(renderer, self.model, self.spec, only)


def estimate(film: Film, renderer: Renderer) -> dict[str, float]:
    """{"frames", "seconds", "bytes"} to expect of a film, from making a few of its frames.

    The first frame of a film is much larger than those that follow it, so one frame is made alone, then it and others.
    """
    count, begin = film.spec.count, round(SAMPLE_AT * film.spec.count)
    begin = max(0, min(begin, count - SAMPLE))
    with TemporaryDirectory(prefix="dcgan-estimate-") as folder:
        first = _quicker(film, renderer, slice(begin, begin + 1), Path(folder))
        if count == 1:
            return {"frames": 1, "seconds": first.seconds, "bytes": first.bytes}
        few = _quicker(film, renderer, slice(begin, begin + SAMPLE), Path(folder))
    more = min(SAMPLE, count) - 1
    seconds = first.seconds + (count - 1) * max(0.0, few.seconds - first.seconds) / more
    size = first.bytes + (count - 1) * max(0, few.bytes - first.bytes) / more
    return {"frames": count, "seconds": round(seconds, 2), "bytes": round(size)}


@dataclass(frozen=True)
class _Trial:
    seconds: float
    bytes: int


def _quicker(film: Film, renderer: Renderer, only: slice, folder: Path) -> _Trial:
    """The quicker of two trials: one of them often shares the processor with the page's own thumbnails.

    Of both kinds, for a single frame that was held up would look as if all others cost nothing.
    """
    return min((_try(film, renderer, only, folder) for _ in range(2)), key=lambda trial: trial.seconds)


def _try(film: Film, renderer: Renderer, only: slice, folder: Path) -> _Trial:
    started = time.perf_counter()
    path = write_film(film.frames(renderer, only), folder / "part", film.spec.fps, film.format)
    return _Trial(time.perf_counter() - started, path.stat().st_size)


def read_film(body: Mapping[str, Any], services: Services) -> Film:
    """{"model", "format"} and the fields of a film, within this place's limits. Raises RequestError."""
    model = parse_model(body, services.store.names)
    services.renderer.info(model)  # an unknown model is refused now, not in the film's thread
    settings = services.settings
    limits = FilmLimits(settings.film_frames, settings.film_size, MAX_KEYFRAMES_ONLINE)
    return Film(model, parse_film(body, limits), one_of(body, "format", tuple(FORMATS)))
