"""Named endpoints for other programs (gradio_client, curl): checks, limits and errors are the page's."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import gradio as gr
from gradio.context import LocalContext
from gradio.data_classes import FileData
from gradio.events import api
from gradio.utils import get_upload_folder

from dcgan.errors import Cancelled, DCGANError
from dcgan.web.client import STREAMS, Client, EventStreams, acting_for, current_client
from dcgan.web.limiters import Limiter
from dcgan.web.settings import Settings
from dcgan.web.visitor import visitor_address

P = ParamSpec("P")


def add_endpoint(function: Callable[P, Any], limiter: Limiter) -> None:
    """Add a function to the Blocks being built, as /<its name>; its signature and docstring document it.

    It runs on a thread within the limit, whichever way Gradio calls it: through its queue or round it. Waiting takes no
    thread, and a client that disconnects ends the work. The sentences of our own errors reach the client; every other
    error stays in the server's log.
    """

    @functools.wraps(function)
    async def endpoint(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            with acting_for(_client()):
                return await limiter.run(functools.partial(function, *args, **kwargs))
        except Cancelled:
            raise gr.Error("The client has disconnected.", print_exception=False) from None
        except DCGANError as error:
            raise gr.Error(str(error), print_exception=False) from None

    # The limiter is the one limit: Gradio's own would be counted beside it.
    api(endpoint, api_name=function.__name__, concurrency_limit=None)


def refuse_files(blocks: gr.Blocks) -> None:
    """Let no endpoint fetch a file. Gradio downloads whatever an argument names as a file's address, of any size."""

    async def refuse(path: object) -> None:
        raise gr.Error("The endpoints here take no files and no addresses of files.", print_exception=False)

    for function in blocks.fns.values():
        for component in function.inputs:
            vars(component)["async_move_resource_to_block_cache"] = refuse


def _client() -> Client:
    """Return who waits for the endpoint that Gradio is calling: the reader of its event's stream, or the request."""
    event, request = LocalContext.event_id.get(None), LocalContext.request.get(None)
    if event is None or request is None or request.request is None:
        return current_client()
    streams: EventStreams = request.request.scope[STREAMS]
    return streams.client(event, request.session_hash or "")


def caller_address(settings: Settings) -> str:
    """Return the address of whoever called the endpoint that this thread works for; "" where it is not known."""
    request = LocalContext.request.get(None)
    return visitor_address(request.request, settings) if request is not None and request.request is not None else ""


def new_file(suffix: str) -> Path:
    """Return an unguessable path in Gradio's cache: the only folder it serves, and one it empties (`delete_cache`).

    Gradio deletes files but no folders, so the file has no folder of its own.
    """
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{secrets.token_hex(16)}.{suffix}"


def file_answer(path: Path, name: str, mime_type: str | None) -> FileData:
    """Return a file as an endpoint's answer, under the name by which it is saved."""
    file: FileData = FileData(path=str(path), orig_name=name, mime_type=mime_type)
    return file


def as_faces(raw: object) -> object:
    """Return a list in which each seed stands for its face; what is no list is left for the check to refuse."""
    return [face if isinstance(face, dict) else {"seed": face} for face in raw] if isinstance(raw, list) else raw
