"""The API endpoint /train_timelapse."""

from __future__ import annotations

from gradio.data_classes import FileData

from dcgan.engine.film_formats import write_film
from dcgan.engine.timelapse import GRIDS_PER_SECOND
from dcgan.web.named_api import add_endpoint, file_answer, new_file
from dcgan.web.services import Services
from dcgan.web.timelapse.request import read_timelapse


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def train_timelapse(run: str = "", face: int | None = None, format: str = "mp4") -> FileData:
        """A film of how a run's faces grew: each of its sample grids in order, eight a second.

        Args:
            run: the run's id; empty means the newest.
            face: one face of the grid, 0 to 63, enlarged to 256 pixels; null for all 64.
            format: "mp4" (H.264), "webm" (VP9), "gif", "webp", or "zip" (PNG pictures).
        """
        film = read_timelapse({"run": run, "face": face, "format": format}, services)
        file = write_film(film.frames(), new_file(film.format), GRIDS_PER_SECOND, film.format)
        return file_answer(file, film.file_name, None)

    add_endpoint(train_timelapse, services.limiters.films)
