"""The frames of a time-lapse: a run's sample grids, or one face of each, in the order in which they were trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from dcgan.errors import RequestError, RunError
from dcgan.images import Array, split_grid

FACES = 64  # pictures of a grid
GRIDS_PER_SECOND = 8  # slow enough to see each grid, and a run of 20 grids lasts two and a half seconds
HOLD = 12  # frames for which the last grid stays, before the film begins again
MAX_GRIDS = 480  # a minute; of a longer run, grids at equal distances are shown
FACE_SIZE = 256  # side of one face, enlarged


def check_face(face: int | None) -> int | None:
    """Return the number of a grid's face, counted row by row from 0; None means all. Raises RequestError."""
    if face is not None and not 0 <= face < FACES:
        raise RequestError(f"A grid has the faces 0 to {FACES - 1}, counted row by row; there is no face {face}.")
    return face


def choose_grids(grids: Sequence[Path]) -> list[Path]:
    """Return the grids of the film, at most MAX_GRIDS, the first and the last among them. Raises RunError for none."""
    if not grids:
        raise RunError("The run has no sample grids yet, so there is no time-lapse; wait for the first one.")
    if len(grids) <= MAX_GRIDS:
        return list(grids)
    return [grids[round(place)] for place in np.linspace(0, len(grids) - 1, MAX_GRIDS)]


def count_frames(grids: Sequence[Path]) -> int:
    """Return how many frames the time-lapse of these grids has."""
    return len(grids) + HOLD


def timelapse_frames(grids: Sequence[Path], face: int | None = None) -> Iterator[Array]:
    """Yield a frame for each grid, uint8 [H, W, 3], read when it is needed; the last one is held for HOLD more.

    `face` is one face of the grid, enlarged to FACE_SIZE. Raises RunError for a grid that cannot be read.
    """
    for path in grids:
        frame = _read(path, face)
        yield frame
    for _ in range(HOLD):
        yield frame


def _read(path: Path, face: int | None) -> Array:
    try:
        with Image.open(path) as image:
            sheet = np.asarray(image.convert("RGB"))
        if face is None:
            return sheet
        cell = Image.fromarray(split_grid(sheet)[face])
        return np.asarray(cell.resize((FACE_SIZE, FACE_SIZE), Image.Resampling.BICUBIC))
    except FileNotFoundError:
        raise RunError("The run was begun again meanwhile and its grids were deleted; make the film again.") from None
    except (OSError, ValueError, IndexError):
        raise RunError(f"The sample grid {path.name} is damaged; delete it, and make the film again.") from None
