"""Requests to the page's routes over HTTP, as a browser or another program sends them."""

from __future__ import annotations

import base64
import io
import json
import urllib.error
import urllib.request

import numpy as np
from PIL import Image

from dcgan.images import to_hwc


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


def data_url_pixels(url):
    """The pixels [H, W, 3] of a PNG in a data URL."""
    assert url.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")).astype(int)


def rendered(page, model, z):
    """The pixels [H, W, 3] that the page's renderer draws for a latent."""
    return to_hwc(page.services.renderer.render(model, z[None])[0])


def make_film(page, body):
    """The lines of the answer to a request for a film of three faces; the last one describes the finished film."""
    content = ask(page, "film", {"faces": [{"seed": 1}, {"seed": 2}, {"seed": 3}], **body})[1]
    return [json.loads(line) for line in content.splitlines()]


def refusal(page, path, body=None):
    """The sentence with which a request is refused: status 422, an error and nothing else, no traceback."""
    status, content = ask(page, path, body)
    assert status == 422, content
    answer = json.loads(content)
    assert set(answer) == {"error"}
    assert 10 < len(answer["error"]) < 300 and "Traceback" not in answer["error"]
    return answer["error"]
