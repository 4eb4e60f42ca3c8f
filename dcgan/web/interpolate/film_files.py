"""Making the file of a film, and finding it again for its download."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dcgan.engine.film_formats import FORMATS, write_film
from dcgan.engine.renderer import Renderer
from dcgan.images import Array
from dcgan.web.http import PREFIX
from dcgan.web.interpolate.film_request import Film
from dcgan.web.streaming import Job
from dcgan.web.temporary_files import TemporaryFiles


def make_film(film: Film, renderer: Renderer, files: TemporaryFiles, job: Job) -> Mapping[str, Any]:
    """Write a film, and report {"done", "total", "left"}: frames, and the seconds that remain (None at first).

    Returns {"film": its address, "bytes", "frames", "seconds"}. Raises Cancelled, and then leaves no file.
    """
    started, total = time.monotonic(), film.spec.count

    def frames() -> Iterator[Array]:
        job.report(done=0, total=total, left=None)
        for done, frame in enumerate(film.frames(renderer), start=1):
            job.check()
            yield frame
            left = (time.monotonic() - started) / done * (total - done)
            job.report(done=done, total=total, left=left)

    path = write_film(frames(), files.new(film.format), film.spec.fps, film.format)
    address = f"{PREFIX[1:]}/film/{path.name}"
    return {"film": address, "bytes": path.stat().st_size, "frames": total, "seconds": time.monotonic() - started}


def find_film(files: TemporaryFiles, name: str) -> Path | None:
    """Return a finished film by its name; None if it does not exist or was deleted."""
    path = files.find(name)
    return path if path is not None and path.suffix[1:] in FORMATS else None
