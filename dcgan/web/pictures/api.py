"""Named endpoints for other programs (gradio_client, curl): the same validation as the page, files as answers."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.data_classes import FileData
from gradio.events import api
from gradio.utils import get_upload_folder

from dcgan import schema
from dcgan.engine.video import write_film
from dcgan.errors import DCGANError
from dcgan.files import write_atomic
from dcgan.images import encode, to_pil
from dcgan.web.interpolate.film_request import read_film
from dcgan.web.services import Services

P = ParamSpec("P")
R = TypeVar("R")


def add_api(services: Services) -> None:
    """Adds /models, /generate and /interpolate to the Blocks being built."""

    def models() -> list[str]:
        """The models that can be asked for: checkpoints by name, then training runs as run:<id>, newest first."""
        return services.store.names()

    def generate(
        seed: int = 0,
        psi: float = 1.0,
        edits: list[dict[str, Any]] | None = None,
        model: str = "",
        size: int = 512,
        z: str = "",
        off: list[list[int]] | None = None,
    ) -> FileData:
        """A face as a PNG file.

        Args:
            seed: which face, 0 to 2^63 - 1.
            psi: truncation, 0 (the picture of z = 0) to 2; 1 changes nothing.
            edits: what to add to the latent, each {"dim": 0, "amount": 1.5} or {"direction": 0, "amount": -2}. A
                direction may name its "method": "jacobian", "sefa" or "pca". In its place there may be a "vector".
            model: a name from /models; empty takes the first.
            size: side in pixels, 16 to 1024.
            z: a latent in place of the seed's: the base64url text of its float16 numbers, as links carry it.
            off: units of the generator that are off, each [layer, unit]; see /layers.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        face = schema.parse_face({"seed": seed, "psi": psi, "edits": edits, "z": z, "off": off})
        look = schema.parse_picture({"size": size, "format": "png"})
        picture = services.renderer.render(name, services.renderer.latent(name, face)[None], face.off)[0]
        path = _new_file("png")
        write_atomic(path, encode(to_pil(picture, look.size), "png"))
        return _file(path, "face.png" if face.z else f"seed-{face.seed}.png", "image/png")

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
            mode: "slerp" (along the sphere, even contrast), "lerp" (straight, with less contrast midway), or "cubic"
                (along the sphere, and smoothly through every seed).
            seconds: length of the whole film, 0.1 to 60.
            fps: frames a second, 1 to 60.
            size: side in pixels, 64 to 1024.
            loop: also walk back from the last to the first, seamlessly.
            format: "mp4" (H.264), "webm" (VP9), "gif", "webp", or "zip" (PNG pictures).
            model: a name from /models; empty takes the first.
            durations: seconds from each seed to the next, in place of `seconds`; a loop has one more, for the way back.
            easing: "linear", or "ease" to leave and reach each seed slowly.
            resample: how pictures are enlarged: "bicubic", "nearest", "bilinear" or "lanczos".
            grid: 2 to 4 for so many films each way in one; the others' seeds are 1000, 2000 … further on.
        """
        faces = [_as_face(seed) for seed in seeds] if isinstance(seeds, list) else seeds
        way = {"mode": mode, "seconds": seconds, "durations": durations, "easing": easing, "loop": loop}
        look = {"fps": fps, "size": size, "resample": resample, "grid": grid, "format": format}
        film = read_film({"model": model, "faces": faces, **way, **look}, services)
        path = write_film(film.frames(services.renderer), _new_file(film.format), film.spec.fps, film.format)
        return _file(path, f"walk.{film.format}", None)

    api(spoken(models), api_name="models")
    api(spoken(generate), api_name="generate", concurrency_limit=2, concurrency_id="pictures")
    films = services.settings.films_at_once
    api(spoken(interpolate), api_name="interpolate", concurrency_limit=films, concurrency_id="films")


def spoken(function: Callable[P, R]) -> Callable[P, R]:
    """Lets the sentences of our own errors through to the caller; every other error stays in the server's log."""

    @functools.wraps(function)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except DCGANError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return spoken


def _as_face(seed: object) -> object:
    """A seed as a face; an object is one already."""
    return seed if isinstance(seed, dict) else {"seed": seed}


def _new_file(suffix: str) -> Path:
    """An unguessable path in Gradio's cache: the only folder it serves, and one it empties (`delete_cache`)."""
    folder = Path(get_upload_folder()) / secrets.token_hex(16)
    folder.mkdir(parents=True)
    return folder / f"picture.{suffix}"


def _file(path: Path, name: str, mime_type: str | None) -> FileData:
    file: FileData = FileData(path=str(path), orig_name=name, mime_type=mime_type)
    return file
