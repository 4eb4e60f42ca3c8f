"""Routes of the Learn tab.

GET  dcgan/learn/networks?model   the layers of a model's two networks, see `layer_table`
GET  dcgan/learn/experiments      the experiments, each with what train/start takes
POST dcgan/learn/discriminator    what D computes of a face's picture → {"layers": [{"side", "channels", "units",
                                  "sheet"}, …], "probability"}; no layers where the model has no D

A sheet is a PNG (data URL) of activation maps side by side, one pixel a position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from dcgan import schema
from dcgan.web.http import data_url, json_route
from dcgan.web.inside.activation_sheet import D_RAMP, activation_sheet
from dcgan.web.learn.experiments import EXPERIMENTS
from dcgan.web.learn.layer_table import LayerRow, discriminator_rows, generator_rows
from dcgan.web.services import Services

UNITS = 8  # number of channels shown of each layer

JSON = dict[str, Any]


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of the Learn tab."""
    limits = services.limiters
    return [
        json_route("GET", "learn/networks", partial(networks, services), limits.sheets),
        json_route("GET", "learn/experiments", lambda fields: [asdict(one) for one in EXPERIMENTS], limits.sheets),
        json_route("POST", "learn/discriminator", partial(_discriminator, services), limits.analyses),
    ]


def networks(services: Services, fields: Mapping[str, Any]) -> JSON:
    """Return {"G": network, "D": network}, each with its "layers" and the sum of their "parameters".

    "has_discriminator" tells whether the model's D was kept. If not, "D" is the one that its configuration describes.
    """
    model = schema.parse_model(fields, services.store.names)
    config_G, config_D = services.renderer.network_configs(model)
    return {
        "G": _network(generator_rows(config_G)),
        "D": _network(discriminator_rows(config_D or config_G)),
        "has_discriminator": config_D is not None,
    }


def _network(rows: list[LayerRow]) -> JSON:
    return {"layers": [asdict(row) for row in rows], "parameters": sum(row.parameters for row in rows)}


def _discriminator(services: Services, body: Mapping[str, Any]) -> JSON:
    model, face = schema.parse_model(body, services.store.names), schema.parse_face(body)
    picture = services.renderer.render(model, services.renderer.latent(model, face)[None], face.off)[0]
    inside = services.renderer.inspect_discriminator(model, picture, UNITS)
    if inside is None:
        return {"layers": [], "probability": None}
    return {
        "layers": [
            {
                "side": view.side,
                "channels": view.channels,
                "units": list(view.units),
                "sheet": data_url(activation_sheet(view.maps, D_RAMP)),
            }
            for view in inside.layers
        ],
        "probability": round(inside.probability, 3),
    }
