"""Inside the generator: one POST gives every layer's strongest units, and what the units that are off change.

    POST dcgan/layers   a face, with "off": [[layer, unit], …] → {"layers": [{"side", "channels", "units", "effects",
                        "means", "sheet"}, …], "output", "change", "share"}

A sheet is a PNG (data URL) of the units' maps side by side in their own size, each from dark (0) to bright (its largest
value). `output` is a sheet too: the picture, the one that all units draw, and where they differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from PIL import Image
from starlette.routing import BaseRoute
from torch import Tensor

from dcgan import schema
from dcgan.engine.units import LayerActivations, LayerInspection
from dcgan.images import grid, to_pil, to_uint8
from dcgan.web.http import data_url, json_route
from dcgan.web.services import Services

UNITS = 16  # shown of each layer
VISIBLE = 8 / 127.5  # eight gray levels, on [-1, 1]

# The generator's colour on the page, from dark to light.
RAMP = ((24, 38, 36), (14, 88, 80), (53, 189, 172), (232, 255, 250))


def routes(services: Services) -> list[BaseRoute]:
    """The route that looks inside."""
    return [json_route("POST", "layers", partial(_layer_fields, services), services.limits.analyses)]


def _layer_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    model, face = schema.parse_model(body, services.store.names), schema.parse_face(body)
    inside = services.renderer.inspect_layers(model, services.renderer.latent(model, face), face.off, UNITS)
    return {
        "layers": [_view_fields(view) for view in inside.layers],
        "output": data_url(to_pil(grid(_before_and_after(inside), 3, pad=0))),
        "change": round(inside.change, 4),
        "share": round(float(((inside.picture - inside.whole).abs().amax(dim=0) > VISIBLE).float().mean()), 3),
    }


def _view_fields(view: LayerActivations) -> dict[str, Any]:
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


def _before_and_after(inside: LayerInspection) -> Tensor:
    """uint8 [3, nc, S, S]: the picture, the whole one, and their difference, its largest value white."""
    difference = (inside.picture - inside.whole).abs().amax(dim=0, keepdim=True).expand_as(inside.whole)
    seen = difference / difference.max().clamp_min(VISIBLE) * 2 - 1
    return to_uint8(torch.stack([inside.picture, inside.whole, seen]))
