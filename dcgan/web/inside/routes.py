"""Route of the panel "Inside the generator": the strongest units of each layer, and the effect of units that are off.

    POST dcgan/layers   a face, with "off": [[layer, unit], …] → {"layers": [{"side", "channels", "units", "effects",
                        "means", "sheet"}, …], "output", "change", "share"}

A sheet is a PNG (data URL) of the units' activation maps side by side, one pixel a position; the largest value of each
map is the brightest. `output` is a PNG of three pictures: with the units off, with all units on, and their difference.
`change` is the RMS difference of the two; `share` is the share of pixels that visibly differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from starlette.routing import BaseRoute
from torch import Tensor

from dcgan import schema
from dcgan.engine.units import LayerActivations, LayerInspection
from dcgan.images import grid, to_pil, to_uint8
from dcgan.web.http import data_url, json_route
from dcgan.web.inside.activation_sheet import G_RAMP, activation_sheet
from dcgan.web.services import Services

UNITS = 16  # number of units shown of each layer
VISIBLE_CHANGE = 8 / 127.5  # eight of 255 levels, in the range [-1, 1]


def routes(services: Services) -> list[BaseRoute]:
    """Return the route of the panel."""
    return [json_route("POST", "layers", partial(_inspect, services), services.limiters.analyses)]


def _inspect(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    model, face = schema.parse_model(body, services.store.names), schema.parse_face(body)
    inside = services.renderer.inspect_layers(model, services.renderer.latent(model, face), face.off, UNITS)
    return {
        "layers": [_layer_fields(layer) for layer in inside.layers],
        "output": data_url(to_pil(grid(_compare(inside), 3, pad=0))),
        "change": round(inside.change, 4),
        "share": round(float(((inside.picture - inside.whole).abs().amax(dim=0) > VISIBLE_CHANGE).float().mean()), 3),
    }


def _layer_fields(layer: LayerActivations) -> dict[str, Any]:
    return {
        "side": layer.side,
        "channels": layer.channels,
        "units": list(layer.units),
        "effects": [round(effect, 4) for effect in layer.effects.tolist()],
        "means": [round(mean, 3) for mean in layer.means.tolist()],
        "sheet": data_url(activation_sheet(layer.maps, G_RAMP)),
    }


def _compare(inside: LayerInspection) -> Tensor:
    """Return uint8 [3, nc, S, S]: the picture, the one with all units on, and their difference, its maximum white."""
    difference = (inside.picture - inside.whole).abs().amax(dim=0, keepdim=True).expand_as(inside.whole)
    shown = difference / difference.max().clamp_min(VISIBLE_CHANGE) * 2 - 1
    return to_uint8(torch.stack([inside.picture, inside.whole, shown]))
