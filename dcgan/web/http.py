"""What all routes share: their prefix, JSON in and out, and errors as a status and a sentence.

Bad input is answered with 422 and {"error": sentence}; the page shows the sentence.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from PIL import Image
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dcgan import schema
from dcgan.errors import Cancelled, DCGANError, RequestError
from dcgan.images import encode
from dcgan.web.limiters import Limiter

PREFIX = "/dcgan"
BODY_LIMIT = 256 * 1024
CLIENT_GONE = 499  # nginx's status; nobody reads it

Endpoint = Callable[[Request], Awaitable[Response]]
log = logging.getLogger(__name__)


def json_errors(endpoint: Endpoint) -> Endpoint:
    """Answer an exception with a status and a sentence."""

    async def safe(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (ClientDisconnect, asyncio.CancelledError, Cancelled):
            return Response(status_code=CLIENT_GONE)
        except Exception as error:
            status, sentence = status_and_sentence(error, request.url.path)
            return JSONResponse({"error": sentence}, status_code=status)

    return safe


def status_and_sentence(error: Exception, path: str) -> tuple[int, str]:
    """Return what to answer for an exception that is being handled. A fault of ours is logged without being shown."""
    if isinstance(error, DCGANError):
        return 422, str(error)
    log.exception("%s failed", path)
    return 500, "The server made a mistake; its log says which. Try again, or reload the page."


def json_route(method: str, path: str, work: Callable[[Mapping[str, Any]], Any], limiter: Limiter) -> Route:
    """A route below PREFIX that answers with the JSON of what `work` returns, run on a thread within a limit.

    `work` is given the JSON object of a POST, or the query's parameters of a GET.
    """

    async def endpoint(request: Request) -> Response:
        fields = await read_json(request) if method == "POST" else dict(request.query_params)
        return JSONResponse(await limiter.run(work, fields))

    return Route(f"{PREFIX}/{path}", json_errors(endpoint), methods=[method])


async def read_json(request: Request) -> Mapping[str, Any]:
    """Return the request's JSON object. Raises RequestError when it is not one, or larger than BODY_LIMIT."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        _check_length(content)
    return parse_json(content)


def parse_json(content: str | bytes | bytearray) -> Mapping[str, Any]:
    """Return the JSON object in a text. Raises RequestError like `read_json`."""
    _check_length(content)
    try:
        return schema.read_object(json.loads(content))
    except (ValueError, RecursionError):
        raise RequestError("The request's body is not JSON.") from None


def data_url(image: Image.Image) -> str:
    """Return a picture as the text of a PNG, which a page shows without a request of its own."""
    return f"data:image/png;base64,{base64.b64encode(encode(image, 'png')).decode()}"


def _check_length(content: str | bytes | bytearray) -> None:
    if len(content) > BODY_LIMIT:
        raise RequestError(f"The request is larger than {BODY_LIMIT // 1024} KiB.")
