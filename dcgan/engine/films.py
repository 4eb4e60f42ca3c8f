"""A film's frames, drawn as they are taken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from dcgan.engine.renderer import Renderer
from dcgan.images import Array, to_pil
from dcgan.latent import MAX_SEED, frame_times
from dcgan.schema import FilmSpec

# From one film of a grid to the next.
SEED_STEP = 1000


def film_frames(renderer: Renderer, model: str, film: FilmSpec, only: slice = slice(None)) -> Iterator[Array]:
    """A film's uint8 frames [S, S, 3], or only some of them, lazily; a grid's cells share S = `film.size` evenly.

    Row by row, the films of a grid go through the same faces of other seeds. Raises RequestError or CheckpointError.
    """
    path, grid = film.path, film.grid
    times = frame_times(path.seconds, film.fps, path.loop)[only]
    shifted = [
        [face.model_copy(update={"seed": other_seed(face.seed, i)}) for face in path.faces] for i in range(grid**2)
    ]
    paths = torch.stack([path.at(renderer.latents(model, faces), times) for faces in shifted], dim=1)

    def finish(pictures: Tensor) -> Array:
        return _mount([np.asarray(to_pil(p, film.size // grid, film.resample)) for p in pictures], grid)

    return renderer.render_each(model, paths, finish)


def other_seed(seed: int, film: int) -> int:
    """The seed that takes the place of `seed` in another film of a grid; the first film, 0, keeps its own."""
    return (seed + SEED_STEP * film) % (MAX_SEED + 1)


def _mount(pictures: list[Array], grid: int) -> Array:
    """grid² pictures [S, S, 3], row by row  →  one [grid·S, grid·S, 3]."""
    rows = [np.concatenate(pictures[i : i + grid], axis=1) for i in range(0, grid * grid, grid)]
    return pictures[0] if grid == 1 else np.concatenate(rows)
