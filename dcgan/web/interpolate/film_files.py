"""Making the file of a film, and finding it again for its download."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dcgan.engine.film_formats import FORMATS, write_film
from dcgan.engine.renderer import Renderer
from dcgan.images import Array
from dcgan.web.http import PREFIX
from dcgan.web.interpolate.film_request import Film
from dcgan.web.streaming import StreamedTask
from dcgan.web.temporary_files import TemporaryFiles


def make_film(film: Film, renderer: Renderer, files: TemporaryFiles, task: StreamedTask) -> Mapping[str, Any]:
    """Write a film; see `write_with_progress`."""
    return write_with_progress(film.frames(renderer), film.spec.count, film.spec.fps, film.format, "film", files, task)


def write_with_progress(
    frames: Iterable[Array], total: int, fps: float, fmt: str, route: str, files: TemporaryFiles, task: StreamedTask
) -> Mapping[str, Any]:
    """Write `total` frames as a film, and report {"done", "total", "left"}: frames, and the seconds that remain (None
    at first).

    Returns {"film": its address below `route`, "bytes", "frames", "seconds"}. Raises Cancelled, and then leaves no
    file.
    """
    started = time.monotonic()

    def counted() -> Iterator[Array]:
        task.report(done=0, total=total, left=None)
        for done, frame in enumerate(frames, start=1):
            task.check()
            yield frame
            left = (time.monotonic() - started) / done * (total - done)
            task.report(done=done, total=total, left=left)

    path = write_film(counted(), files.new(fmt), fps, fmt)
    address = f"{PREFIX[1:]}/{route}/{path.name}"
    return {"film": address, "bytes": path.stat().st_size, "frames": total, "seconds": time.monotonic() - started}


def find_film(files: TemporaryFiles, name: str) -> Path | None:
    """Return a finished film by its name; None if it does not exist or was deleted."""
    path = files.find(name)
    return path if path is not None and path.suffix[1:] in FORMATS else None
