"""What a film is, checked, and its frames, lazily: shared by the page's route and the named API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dcgan.errors import RequestError
from dcgan.film import MAX_FPS, MAX_SECONDS, MIN_FPS, MIN_SECONDS, MIN_SIZE, path_frames
from dcgan.images import RESAMPLING, Array
from dcgan.latent import frame_count, frame_times
from dcgan.requests import check_number, check_whole
from dcgan.sampler import Sampler
from dcgan.ui import ask
from dcgan.ui.services import Services
from dcgan.video import FORMATS


@dataclass(frozen=True)
class Film:
    """A walk through the latent space, to be written as a file."""

    model: str
    path: ask.Path
    seconds: float
    fps: float
    size: int
    fmt: str
    resample: str

    @property
    def count(self) -> int:
        """Frames in it."""
        return frame_count(self.seconds, self.fps)

    def frames(self, sampler: Sampler) -> Iterator[Array]:
        """Its frames [H, W, 3] uint8, rendered as they are asked for."""
        z = self.path.at(sampler, self.model, frame_times(self.seconds, self.fps, self.path.loop))
        return path_frames(sampler, self.model, z, self.size, self.resample)


def parse_film(body: Mapping[str, Any], services: Services) -> Film:
    """{"model", "faces", "mode", "loop", "seconds", "fps", "size", "format", "resample"} within this place's limits."""
    settings = services.settings
    model = ask.parse_model(body, services.store.names)
    services.sampler.info(model)  # an unknown model is refused now, not in the film's thread
    seconds = check_number(body.get("seconds", 4.0), "The film's length in seconds", MIN_SECONDS, MAX_SECONDS)
    fps = check_number(body.get("fps", 30.0), "Frames per second", MIN_FPS, MAX_FPS)
    size = check_whole(body.get("size", 256), "The film's size in pixels", MIN_SIZE, settings.film_size)
    fmt = ask.one_of(body, "format", tuple(FORMATS))
    resample = ask.one_of({"resample": "smooth", **body}, "resample", tuple(RESAMPLING))
    if frame_count(seconds, fps) > settings.film_frames:
        longest = settings.film_frames / fps
        raise RequestError(f"A film here has at most {settings.film_frames} frames: {longest:.0f} s at {fps:g} fps.")
    return Film(model, ask.parse_path(body), seconds, fps, size, fmt, resample)
