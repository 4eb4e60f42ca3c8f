"""Named endpoints for other programs (gradio_client, curl): checks, limits and errors are the page's."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import gradio as gr
from gradio.data_classes import FileData
from gradio.events import api
from gradio.utils import get_upload_folder

from dcgan.errors import DCGANError
from dcgan.web.limits import Limiter

P = ParamSpec("P")


def add_endpoint(function: Callable[P, Any], limiter: Limiter) -> None:
    """Adds a function to the Blocks being built, as /<its name>; its signature and docstring document it.

    It runs on a thread within the limit, whichever way Gradio calls it: through its queue or round it. Waiting takes no
    thread. The sentences of our own errors reach the caller; every other error stays in the server's log.
    """

    @functools.wraps(function)
    async def endpoint(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return await limiter.run(functools.partial(function, *args, **kwargs))
        except DCGANError as error:
            raise gr.Error(str(error), print_exception=False) from None

    # The limiter is the one limit: Gradio's own would be counted beside it.
    api(endpoint, api_name=function.__name__, concurrency_limit=None)


def new_file(suffix: str) -> Path:
    """An unguessable path in Gradio's cache: the only folder it serves, and one it empties (`delete_cache`)."""
    folder = Path(get_upload_folder()) / secrets.token_hex(16)
    folder.mkdir(parents=True)
    return folder / f"picture.{suffix}"


def file_answer(path: Path, name: str, mime_type: str | None) -> FileData:
    """A file as an endpoint's answer, under the name by which it is saved."""
    file: FileData = FileData(path=str(path), orig_name=name, mime_type=mime_type)
    return file


def as_faces(raw: object) -> object:
    """A list in which each seed stands for its face; what is no list is left for the check to refuse."""
    return [face if isinstance(face, dict) else {"seed": face} for face in raw] if isinstance(raw, list) else raw
