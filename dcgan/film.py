"""A walk through latent space as the frames of a film."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from dcgan.errors import RequestError
from dcgan.images import RESAMPLING, Array, to_pil
from dcgan.latent import MODES, frame_count, frame_times, walk
from dcgan.requests import check_number, check_psi, check_seed, check_whole
from dcgan.sampler import Edit, Sampler

__all__ = ["check_film", "film_frames", "frame_count", "path_frames"]

# What a visitor may ask for.
MIN_SECONDS, MAX_SECONDS = 0.1, 60.0
MIN_FPS, MAX_FPS = 1.0, 60.0
MIN_SIZE, MAX_SIZE = 64, 1024
MIN_SEEDS, MAX_SEEDS = 2, 64
MAX_FRAMES = 1800


def film_frames(
    sampler: Sampler,
    model: str,
    seeds: Sequence[int],
    mode: str,
    seconds: float,
    fps: float,
    size: int,
    loop: bool,
    psi: float = 1.0,
    resample: str = "smooth",
    edits: Sequence[Edit] = (),
) -> Iterator[Array]:
    """The film from seed to seed, and with `loop` back to the first: uint8 frames [size, size, 3], lazily.

    There are `frame_count(seconds, fps)` of them. mode is "slerp" or "lerp", resample "smooth" or "crisp"; psi and
    edits act on every seed. All values are checked here, before the first frame: RequestError says what was wrong.
    """
    check_film(seeds, mode, seconds, fps, size, psi, resample)
    keyframes = [sampler.latent(model, seed, psi, edits) for seed in seeds]
    path = walk(torch.stack(keyframes), frame_times(seconds, fps, loop), mode, loop)
    return path_frames(sampler, model, path, size, resample)


def path_frames(sampler: Sampler, model: str, path: Tensor, size: int, resample: str = "smooth") -> Iterator[Array]:
    """Latents [T, nz] → uint8 frames [size, size, 3], one by one and lazily."""
    for picture in sampler.render_many(model, path):
        yield np.asarray(to_pil(picture, size, resample))


def check_film(
    seeds: Sequence[int], mode: str, seconds: float, fps: float, size: int, psi: float = 1.0, resample: str = "smooth"
) -> None:
    """Raises RequestError, saying what is allowed, unless a film can be made of these values."""
    if not isinstance(seeds, list | tuple) or not MIN_SEEDS <= len(seeds) <= MAX_SEEDS:
        raise RequestError(f"A film goes through {MIN_SEEDS} to {MAX_SEEDS} seeds; give them as a list.")
    for seed in seeds:
        check_seed(seed)
    check_psi(psi)
    if mode not in MODES:
        raise RequestError(f"The path must be one of {', '.join(MODES)}, not {mode!r:.60}.")
    if resample not in tuple(RESAMPLING):
        raise RequestError(f"The scaling must be one of {', '.join(RESAMPLING)}, not {resample!r:.60}.")
    check_number(seconds, "The film's length in seconds", MIN_SECONDS, MAX_SECONDS)
    check_number(fps, "Frames per second", MIN_FPS, MAX_FPS)
    check_whole(size, "The film's size in pixels", MIN_SIZE, MAX_SIZE)
    if frame_count(seconds, fps) > MAX_FRAMES:
        count = frame_count(seconds, fps)
        raise RequestError(f"A film has at most {MAX_FRAMES} frames, not {count}; make it shorter, or its fps lower.")
