"""The API endpoints /interpolate and /film_estimate."""

from __future__ import annotations

from typing import Any

from gradio.data_classes import FileData

from dcgan.engine.film_formats import write_film
from dcgan.web.interpolate.film_request import read_film
from dcgan.web.interpolate.routes import estimate_fields
from dcgan.web.named_api import add_endpoint, as_faces, file_answer, new_file
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add the endpoints to the Blocks being built."""

    def interpolate(
        seeds: list[Any],
        mode: str = "slerp",
        seconds: float = 4.0,
        fps: float = 30.0,
        size: int = 256,
        loop: bool = False,
        format: str = "mp4",
        model: str = "",
        durations: list[float] | None = None,
        easing: str = "linear",
        resample: str = "bicubic",
        grid: int = 1,
    ) -> FileData:
        """A film that walks from each seed's face to the next.

        Args:
            seeds: 2 to 16 seeds, or faces such as {"seed": 7, "psi": 0.8, "edits": [{"dim": 0, "amount": 1.5}]}.
            mode: "slerp" (along the sphere, constant contrast), "lerp" (a straight line, less contrast midway), or
                "cubic" (along the sphere, and smoothly through every seed).
            seconds: length of the whole film, 0.1 to 60.
            fps: frames a second, 1 to 60.
            size: side in pixels, 64 to 1024.
            loop: also walk from the last seed back to the first, so that the film can repeat without a jump.
            format: "mp4" (H.264), "webm" (VP9), "gif", "webp", or "zip" (PNG pictures).
            model: a name from /models; empty takes the first.
            durations: seconds from each seed to the next, in place of `seconds`; a loop needs one more, to the first.
            easing: "linear", or "ease" to slow down near each seed.
            resample: how pictures are enlarged: "bicubic", "nearest", "bilinear" or "lanczos".
            grid: 2 to 4 for a grid of films, 2 × 2 to 4 × 4; the others use seeds that are larger by 1000, 2000 …
        """
        path = {"mode": mode, "seconds": seconds, "durations": durations, "easing": easing, "loop": loop}
        look = {"fps": fps, "size": size, "resample": resample, "grid": grid, "format": format}
        film = read_film({"model": model, "faces": as_faces(seeds), **path, **look}, services)
        file = write_film(film.frames(services.renderer), new_file(film.format), film.spec.fps, film.format)
        return file_answer(file, f"walk.{film.format}", None)

    def film_estimate(
        seeds: list[Any],
        seconds: float = 4.0,
        fps: float = 30.0,
        size: int = 256,
        format: str = "mp4",
        model: str = "",
        grid: int = 1,
        loop: bool = False,
    ) -> dict[str, float]:
        """Estimate the time and the size of a film of /interpolate, by making a few of its frames.

        Args:
            seeds: 2 to 16 seeds or faces. All arguments are as for /interpolate.
            seconds: length of the whole film, 0.1 to 60.
            fps: frames a second, 1 to 60.
            size: side in pixels, 64 to 1024.
            format: "mp4", "webm", "gif", "webp" or "zip".
            model: a name from /models; empty takes the first.
            grid: 2 to 4 for a grid of films, 2 × 2 to 4 × 4.
            loop: also walk from the last seed back to the first.

        Returns:
            frames; seconds, the time to make them; bytes, the size of the file.
        """
        fields = {"seconds": seconds, "fps": fps, "size": size, "format": format, "grid": grid, "loop": loop}
        return estimate_fields(services, {"model": model, "faces": as_faces(seeds), **fields})

    add_endpoint(interpolate, services.limiters.films)
    add_endpoint(film_estimate, services.limiters.estimates)
