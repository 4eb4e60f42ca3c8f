"""The API endpoint /layers: a generator's activations for a face."""

from __future__ import annotations

from typing import Any, TypedDict

from dcgan import schema
from dcgan.schema import check_whole
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services

MAX_UNITS = 32


class Layer(TypedDict):
    """The strongest units of a layer: numbers, effects, mean activations, and maps [n][side][side] after the ReLU."""

    layer: int
    side: int
    channels: int
    units: list[int]
    effects: list[float]
    means: list[float]
    maps: list[list[list[float]]]


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def layers(
        seed: int = 0,
        psi: float = 1.0,
        edits: list[dict[str, Any]] | None = None,
        model: str = "",
        z: str = "",
        off: list[list[int]] | None = None,
        count: int = 8,
    ) -> list[Layer]:
        """The units of each generator layer that matter most to a face, with their activations.

        Args:
            seed: the number of the face. This and psi, edits, model and z are as for /generate.
            psi: truncation, 0 to 2.
            edits: what to add to the latent.
            model: a name from /models; empty takes the first.
            z: a latent in place of the seed's.
            off: units that are off, each [layer, unit]; layer 0 is the one of 4 × 4 positions.
            count: number of units of each layer, 1 to 32.

        Returns:
            For each layer, from 4 × 4 up: layer, side, channels, units (the strongest first), effects (root mean square
            change of the picture, range [-1, 1], with that unit alone off), means, and maps (side × side activations).
        """
        name = schema.parse_model({"model": model}, services.store.names)
        face = schema.parse_face({"seed": seed, "psi": psi, "edits": edits, "z": z, "off": off})
        count = check_whole(count, "count", 1, MAX_UNITS)
        inside = services.renderer.inspect_layers(name, services.renderer.latent(name, face), face.off, count)
        return [
            Layer(
                layer=number,
                side=view.side,
                channels=view.channels,
                units=list(view.units),
                effects=_rounded(view.effects.tolist()),
                means=_rounded(view.means.tolist()),
                maps=_rounded(view.maps.tolist()),
            )
            for number, view in enumerate(inside.layers)
        ]

    add_endpoint(layers, services.limiters.analyses)


def _rounded(numbers: Any) -> Any:
    return [_rounded(number) for number in numbers] if isinstance(numbers, list) else round(numbers, 4)
