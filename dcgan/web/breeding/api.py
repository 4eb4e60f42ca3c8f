"""The API endpoint /breed."""

from __future__ import annotations

from typing import Any

from dcgan.web.breeding.routes import child_fields
from dcgan.web.named_api import add_endpoint, as_faces
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def breed(parents: list[Any], wildness: float = 0.2, seed: int = 0, model: str = "") -> list[str]:
        """Breed two faces: nine children, each a random mixture of both with some random change.

        Args:
            parents: two seeds, or faces such as {"seed": 7, "psi": 0.8} or {"z": "…"}.
            wildness: size of the random change, 0 to 1.
            seed: of the random numbers; the same seed gives the same children.
            model: a name from /models; empty takes the first.

        Returns:
            Nine latents as text, as /generate and links take z.
        """
        fields = {"model": model, "parents": as_faces(parents), "wildness": wildness, "seed": seed}
        return child_fields(services, fields)["children"]

    add_endpoint(breed, services.limiters.analyses)
