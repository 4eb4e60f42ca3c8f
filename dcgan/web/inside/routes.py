"""Inside the generator, for the page: one POST gives every layer's strongest units, and what those that are off change.

    POST dcgan/layers   a face, with "off": [[layer, unit], …] → {"layers": [{"side", "channels", "units", "effects",
                        "means", "sheet"}, …], "output", "change", "share"}

A sheet is a PNG (data URL) of the units' maps side by side in their own size, each from dark (0) to bright (its largest
value). `output` is a sheet too: the picture, the one that all units draw, and where they differ.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from anyio import CapacityLimiter, to_thread
from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from torch import Tensor

from dcgan import schema
from dcgan.engine.units import Inside, LayerView
from dcgan.images import encode, grid, to_pil, to_uint8
from dcgan.web.pictures.routes import PREFIX, THREADS, answer, read_json
from dcgan.web.services import Services

UNITS = 16  # shown of a layer
SEEN = 8 / 127.5  # a change of eight gray levels is one that is seen

# The forger's teal, from the dark to the light.
RAMP = ((24, 38, 36), (14, 88, 80), (53, 189, 172), (232, 255, 250))


def layer_routes(services: Services) -> list[BaseRoute]:
    """The route that looks inside."""
    threads = CapacityLimiter(THREADS)  # of its own: pictures never wait behind it

    async def layers(request: Request) -> Response:
        body = await read_json(request)
        return JSONResponse(await to_thread.run_sync(_look, services, body, limiter=threads))

    return [Route(f"{PREFIX}/layers", answer(layers), methods=["POST"])]


def _look(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    model, face = schema.parse_model(body, services.store.names), schema.parse_face(body)
    inside = services.renderer.look_inside(model, services.renderer.latent(model, face), face.off, UNITS)
    return {
        "layers": [_fields(view) for view in inside.layers],
        "output": data_url(to_pil(grid(_outcomes(inside), 3, pad=0))),
        "change": round(inside.change, 4),
        "share": round(float(((inside.picture - inside.whole).abs().amax(dim=0) > SEEN).float().mean()), 3),
    }


def _fields(view: LayerView) -> dict[str, Any]:
    return {
        "side": view.side,
        "channels": view.channels,
        "units": list(view.units),
        "effects": [round(effect, 4) for effect in view.effects.tolist()],
        "means": [round(mean, 3) for mean in view.means.tolist()],
        "sheet": data_url(_sheet(view.maps)),
    }


def _sheet(maps: Tensor) -> Image.Image:
    """Maps [n, s, s], none negative, as a picture of s × n·s in the colours of RAMP."""
    tallest = maps.amax(dim=(1, 2), keepdim=True).clamp_min(1e-6)
    levels = (maps / tallest * 255).round().to(torch.uint8)
    places = np.linspace(0, 255, len(RAMP))
    palette = np.stack([np.interp(np.arange(256), places, channel) for channel in zip(*RAMP, strict=True)], axis=1)
    return Image.fromarray(palette.round().astype(np.uint8)[torch.cat(list(levels), dim=1).numpy()])


def _outcomes(inside: Inside) -> Tensor:
    """uint8 [3, nc, S, S]: the picture, the whole one, and their difference, its largest value white."""
    difference = (inside.picture - inside.whole).abs().amax(dim=0, keepdim=True).expand_as(inside.whole)
    seen = difference / difference.max().clamp_min(SEEN) * 2 - 1
    return to_uint8(torch.stack([inside.picture, inside.whole, seen]))


def data_url(image: Image.Image) -> str:
    """A picture as text that a page shows without asking again."""
    return f"data:image/png;base64,{base64.b64encode(encode(image, 'png')).decode()}"
