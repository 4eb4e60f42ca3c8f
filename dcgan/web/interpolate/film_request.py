"""What a film is, checked, and its frames, lazily: shared by the page's route and the named API."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dcgan.engine.films import Reel, other_seed, parse_reel
from dcgan.engine.renderer import Renderer
from dcgan.engine.video import FORMATS, write_film
from dcgan.images import Array
from dcgan.validation import one_of
from dcgan.web import schema
from dcgan.web.services import Services

SAMPLE = 9  # frames that are made for an estimate
SAMPLE_AT = 0.37  # from here on: a place of no meaning, so that it is seldom a rest at a face


@dataclass(frozen=True)
class Film:
    """A walk through the latent space, to be written as a file."""

    model: str
    faces: tuple[schema.Face, ...]
    reel: Reel
    fmt: str

    def frames(self, renderer: Renderer, only: slice = slice(None)) -> Iterator[Array]:
        """Its frames [H, W, 3] uint8, or only some of them, rendered as they are asked for."""
        films = [
            [replace(face, seed=other_seed(face.seed, i)) for face in self.faces] for i in range(self.reel.grid**2)
        ]
        keyframes = [schema.latents(faces, renderer, self.model) for faces in films]
        return self.reel.frames(renderer, self.model, keyframes, only)


def estimate(film: Film, renderer: Renderer) -> dict[str, float]:
    """{"frames", "seconds", "bytes"} to expect of a film, from making a few of its frames.

    The first frame of a film is much larger than those that follow it, so one frame is made alone, then it and others.
    """
    count, begin = film.reel.count, round(SAMPLE_AT * film.reel.count)
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
    path = write_film(film.frames(renderer, only), folder / "part", film.reel.fps, film.fmt)
    return _Trial(time.perf_counter() - started, path.stat().st_size)


def parse_film(body: Mapping[str, Any], services: Services) -> Film:
    """{"model", "faces", "format"} and the fields of a reel, within this place's limits."""
    settings = services.settings
    model = schema.parse_model(body, services.store.names)
    services.renderer.info(model)  # an unknown model is refused now, not in the film's thread
    faces = schema.parse_faces(body.get("faces"), 2, schema.KEYFRAMES)
    reel = parse_reel(body, len(faces), settings.film_frames, settings.film_size)
    return Film(model, faces, reel, one_of(body, "format", tuple(FORMATS)))
