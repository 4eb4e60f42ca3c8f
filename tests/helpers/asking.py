"""Asking the page's routes over HTTP, as a browser or another program would."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request

import numpy as np
from PIL import Image


def ask(page, path, body=None):
    """(status, content) of a route; `body` may be JSON-able or raw bytes."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(f"{page.url}dcgan/{path}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def ask_json(page, path, body=None):
    status, content = ask(page, path, body)
    assert status == 200, content
    return json.loads(content)


def picture(page, body):
    """The pixels [H, W, 3] that a request for a PNG in the model's own size gives."""
    status, content = ask(page, "frame", {"size": 64, "format": "png", **body})
    assert status == 200, content
    return np.asarray(Image.open(io.BytesIO(content)))
