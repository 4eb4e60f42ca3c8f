"""The API endpoint /networks: the layers of a model's two networks."""

from __future__ import annotations

from typing import Any

from dcgan.web.learn.routes import networks as layers_of
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def networks(model: str = "") -> dict[str, Any]:
        """The layers of a model's generator and discriminator, from z to the picture and from there to the logit.

        Args:
            model: a name from /models; empty takes the first.

        Returns:
            G and D, each with layers (name, kernel, stride, padding, output [C, H, W], parameters) and the sum of their
            parameters; has_discriminator (if false, D is the one that the model's configuration describes).
        """
        return layers_of(services, {"model": model})

    add_endpoint(networks, services.limiters.sheets)
