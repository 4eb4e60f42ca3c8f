"""Compute a film's frames lazily."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from dcgan.engine.renderer import Renderer
from dcgan.images import Array, to_pil
from dcgan.latent import MAX_SEED, frame_times
from dcgan.schema import Face, FilmSpec

# Added to every seed from one film of a grid to the next.
SEED_STEP = 1000


def film_frames(renderer: Renderer, model: str, film: FilmSpec, only: slice = slice(None)) -> Iterator[Array]:
    """Yield a film's frames, uint8 [S, S, 3], lazily; `only` selects a range of frame numbers.

    S is `film.size`, rounded down to a multiple of `film.grid`. The films of a grid are placed row by row. Each has the
    same path through other faces (`grid_faces`). Raises RequestError for a face that the model cannot draw and
    CheckpointError for an unknown model.
    """
    path, grid = film.path, film.grid
    times = frame_times(path.seconds, film.fps, path.loop)[only]
    faces_per_film = [grid_faces(path.faces, i) for i in range(grid**2)]
    paths = torch.stack([path.at(renderer.latents(model, faces), times) for faces in faces_per_film], dim=1)

    def to_frame(pictures: Tensor) -> Array:
        return _mount([np.asarray(to_pil(p, film.size // grid, film.resample)) for p in pictures], grid)

    return renderer.render_each(model, paths, to_frame)


def grid_faces(faces: Sequence[Face], film: int) -> list[Face]:
    """Return the faces of film number `film` of a grid: the same edits of other seeds; film 0 is unchanged.

    A face given by z has no seed: its place among the faces takes the seed's place.
    """
    if film == 0:
        return list(faces)
    own = [face.z for face in faces]
    seeds = [face.seed if face.z is None else own.index(face.z) for face in faces]
    return [
        face.model_copy(update={"seed": grid_seed(seed, film), "z": None})
        for face, seed in zip(faces, seeds, strict=True)
    ]


def grid_seed(seed: int, film: int) -> int:
    """Return the seed that replaces `seed` in film number `film` of a grid; film 0 is unchanged."""
    return (seed + SEED_STEP * film) % (MAX_SEED + 1)


def _mount(pictures: list[Array], grid: int) -> Array:
    """Join grid² pictures [S, S, 3], given row by row, to one [grid·S, grid·S, 3]."""
    rows = [np.concatenate(pictures[i : i + grid], axis=1) for i in range(0, grid * grid, grid)]
    return pictures[0] if grid == 1 else np.concatenate(rows)
