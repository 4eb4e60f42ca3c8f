"""What a film is: its way through the keyframes and its looks, checked; and its frames, drawn as they are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dcgan.engine.renderer import Renderer
from dcgan.errors import RequestError
from dcgan.images import RESAMPLING, Array, to_pil
from dcgan.latent import EASINGS, MAX_SEED, MODES, frame_count, frame_times, walk
from dcgan.validation import check_number, check_whole, flag, one_of

# What a visitor may ask for.
MIN_SECONDS, MAX_SECONDS = 0.1, 60.0
MIN_FPS, MAX_FPS = 1.0, 60.0
MIN_SIZE, MAX_SIZE = 64, 1024
MIN_KEYFRAMES, MAX_KEYFRAMES = 2, 64
MAX_FRAMES = 1800
MAX_GRID = 4
# In a grid of several films there are more pictures than frames: so many times as many may be drawn.
MORE_PICTURES = 4
# From one film of a grid to the next.
SEED_STEP = 1000


@dataclass(frozen=True)
class Way:
    """How a film goes from keyframe to keyframe. durations: the seconds of each stretch."""

    durations: tuple[float, ...]
    mode: str = "slerp"
    easing: str = "linear"
    loop: bool = False

    @property
    def seconds(self) -> float:
        """How long all of it takes."""
        return sum(self.durations)

    def at(self, keyframes: Tensor, times: Tensor) -> Tensor:
        """Latents [T, nz] on the way through keyframes [K, nz], at times [T] in 0 … 1 of the whole."""
        return walk(keyframes, times, self.mode, self.loop, self.durations, self.easing)


@dataclass(frozen=True)
class Reel:
    """A way as a film: frames a second, side in pixels, a name of RESAMPLING, and grid × grid films side by side."""

    way: Way
    fps: float
    size: int
    resample: str
    grid: int

    @property
    def count(self) -> int:
        """Frames in it."""
        return frame_count(self.way.seconds, self.fps)

    def frames(
        self, renderer: Renderer, model: str, keyframes: Sequence[Tensor], only: slice = slice(None)
    ) -> Iterator[Array]:
        """Its uint8 frames [S, S, 3], or only some of them, lazily; S is `size`, less what a grid cannot share evenly.

        `keyframes` holds [K, nz] for each film of the grid, row by row.
        """
        assert len(keyframes) == self.grid**2, len(keyframes)
        times = frame_times(self.way.seconds, self.fps, self.way.loop)[only]
        paths = torch.stack([self.way.at(film, times) for film in keyframes], dim=1)

        def finish(pictures: Tensor) -> Array:
            return _mount([np.asarray(to_pil(p, self.size // self.grid, self.resample)) for p in pictures], self.grid)

        return renderer.render_each(model, paths, finish)


def other_seed(seed: int, film: int) -> int:
    """The seed that takes the place of `seed` in another film of a grid; the first film, 0, keeps its own."""
    return (seed + SEED_STEP * film) % (MAX_SEED + 1)


def parse_way(fields: Mapping[str, Any], keyframes: int) -> Way:
    """{"durations" or "seconds", "mode", "easing", "loop"} for so many keyframes. Raises RequestError.

    `durations` are the seconds from each keyframe to the next; the last keyframe's own, of the way back, may be left
    out where there is no loop. Without them the stretches share `seconds`, by default 4, evenly.
    """
    if not MIN_KEYFRAMES <= keyframes <= MAX_KEYFRAMES:
        raise RequestError(f"A film goes through {MIN_KEYFRAMES} to {MAX_KEYFRAMES} seeds or faces, not {keyframes}.")
    loop = flag(fields, "loop")
    mode, easing = one_of(fields, "mode", MODES), one_of(fields, "easing", EASINGS)
    stretches = keyframes if loop else keyframes - 1
    if fields.get("durations") is not None:
        return Way(_durations(fields["durations"], keyframes, stretches), mode, easing, loop)
    seconds = check_number(fields.get("seconds", 4.0), "The film's length in seconds", MIN_SECONDS, MAX_SECONDS)
    return Way((seconds / stretches,) * stretches, mode, easing, loop)


def parse_reel(
    fields: Mapping[str, Any], keyframes: int, most_frames: int = MAX_FRAMES, largest: int = MAX_SIZE
) -> Reel:
    """A way's fields, and {"fps", "size", "resample", "grid"}, within these limits. Raises RequestError."""
    way = parse_way(fields, keyframes)
    fps = check_number(fields.get("fps", 30.0), "Frames per second", MIN_FPS, MAX_FPS)
    size = check_whole(fields.get("size", 256), "The film's size in pixels", MIN_SIZE, largest)
    resample = one_of(fields, "resample", tuple(RESAMPLING))
    grid = check_whole(fields.get("grid", 1), "The films side by side", 1, MAX_GRID)
    reel = Reel(way, fps, size, resample, grid)
    most = min(most_frames, MORE_PICTURES * most_frames // grid**2)
    if reel.count > most:
        kind = f"A grid of {grid} × {grid} films" if most < most_frames else "A film"
        raise RequestError(
            f"{kind} here has at most {most} frames, not {reel.count}: {most / fps:.0f} s at {fps:g} a second."
        )
    return reel


def _durations(raw: object, keyframes: int, stretches: int) -> tuple[float, ...]:
    if not isinstance(raw, list | tuple) or len(raw) not in (stretches, keyframes):
        raise RequestError(
            f"This way has {stretches} stretches, so durations must be a list of {stretches} numbers of seconds."
        )
    name = "Each duration, in seconds,"
    durations = tuple(check_number(value, name, MIN_SECONDS, MAX_SECONDS) for value in raw)[:stretches]
    check_number(sum(durations), "The film's length in seconds, all durations together,", MIN_SECONDS, MAX_SECONDS)
    return durations


def _mount(pictures: list[Array], grid: int) -> Array:
    """grid² pictures [S, S, 3], row by row  →  one [grid·S, grid·S, 3]."""
    rows = [np.concatenate(pictures[i : i + grid], axis=1) for i in range(0, grid * grid, grid)]
    return pictures[0] if grid == 1 else np.concatenate(rows)
