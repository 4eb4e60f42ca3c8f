"""Parsing a request for a time-lapse, for the page's route and for the API endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcgan.engine.film_formats import FORMATS
from dcgan.engine.timelapse import check_face, choose_grids, count_frames, timelapse_frames
from dcgan.errors import RequestError
from dcgan.images import Array
from dcgan.jobs.runs import find_run, sample_grids
from dcgan.schema import one_of, parse_run
from dcgan.web.services import Services


@dataclass(frozen=True)
class Timelapse:
    """A film of a run's grids, or of one face of each, and a key of `FORMATS` to write it as."""

    run: str
    grids: Sequence[Path]
    face: int | None
    format: str

    @property
    def count(self) -> int:
        """How many frames it has."""
        return count_frames(self.grids)

    @property
    def file_name(self) -> str:
        """The name by which it is saved."""
        face = "" if self.face is None else f"-face{self.face}"
        return f"{self.run}{face}-timelapse.{self.format}"

    def frames(self) -> Iterator[Array]:
        """Yield its frames, uint8 [H, W, 3], each read when it is needed."""
        return timelapse_frames(self.grids, self.face)


def read_timelapse(body: Mapping[str, Any], services: Services) -> Timelapse:
    """Parse {"run", "face", "format"}; no face, or null, means all. Raises RequestError and RunError."""
    run = find_run(services.jobs.runs, parse_run({"run": body.get("run", "")}).run)
    face = body.get("face")
    if face is not None and (isinstance(face, bool) or not isinstance(face, int)):
        raise RequestError(f"face must be a whole number from 0 to 63, or null for all, not {face!r:.60}.")
    fmt = one_of({"format": "mp4", **body}, "format", tuple(FORMATS))
    return Timelapse(run.name, choose_grids(sample_grids(run)), check_face(face), fmt)
