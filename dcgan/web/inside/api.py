"""/layers: a generator's activations for a face, for other programs."""

from __future__ import annotations

from typing import Any, TypedDict

from dcgan import schema
from dcgan.schema import check_whole
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services

MOST_UNITS = 32


class Layer(TypedDict):
    """One layer's strongest units: numbers, effects, mean activations, and maps [n][side][side] after the ReLU."""

    layer: int
    side: int
    channels: int
    units: list[int]
    effects: list[float]
    means: list[float]
    maps: list[list[list[float]]]


def add_api(services: Services) -> None:
    """Adds the endpoint to the Blocks being built."""

    def layers(
        seed: int = 0,
        psi: float = 1.0,
        edits: list[dict[str, Any]] | None = None,
        model: str = "",
        z: str = "",
        off: list[list[int]] | None = None,
        count: int = 8,
    ) -> list[Layer]:
        """What the generator's layers hold for a face, from 4 × 4 up: the units without which it changes most.

        Args:
            seed: which face, as /generate takes it; so are psi, edits, model and z.
            psi: truncation, 0 to 2.
            edits: what to add to the latent.
            model: a name from /models; empty takes the first.
            z: a latent in place of the seed's.
            off: units that are off, each [layer, unit], layers counted from 0 at the 4 × 4 end.
            count: units of each layer, 1 to 32.

        Returns:
            For each layer: layer, side, channels, units (the strongest first), effects (root mean square change of the
            picture on [-1, 1] without that unit alone), means, and maps (a unit's side × side activations).
        """
        name = schema.parse_model({"model": model}, services.store.names)
        face = schema.parse_face({"seed": seed, "psi": psi, "edits": edits, "z": z, "off": off})
        most = check_whole(count, "count", 1, MOST_UNITS)
        inside = services.renderer.inspect_layers(name, services.renderer.latent(name, face), face.off, most)
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

    add_endpoint(layers, services.limits.analyses)


def _rounded(numbers: Any) -> Any:
    return [_rounded(number) for number in numbers] if isinstance(numbers, list) else round(numbers, 4)
