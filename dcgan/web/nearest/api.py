"""/nearest and /nearest_index: whether a face is a copy of a training picture, for other programs."""

from __future__ import annotations

from typing import Any, TypedDict

from dcgan import schema
from dcgan.web.named_api import add_endpoint
from dcgan.web.nearest.routes import begin_index, verdict_fields
from dcgan.web.services import Services


class Near(TypedDict):
    """A distance to the nearest training picture, what is usual, and words for it."""

    distance: float
    closer: float
    usual: list[float]
    own: list[float] | None
    words: str


def add_api(services: Services) -> None:
    """Adds the endpoints to the Blocks being built."""

    def nearest(
        seed: int = 0,
        psi: float = 1.0,
        edits: list[dict[str, Any]] | None = None,
        model: str = "",
        z: str = "",
        off: list[list[int]] | None = None,
    ) -> Near:
        """How near a face comes to the pictures that its model learned from.

        Args:
            seed: which face, as /generate takes it; so are psi, edits, model, z and off.
            psi: truncation, 0 to 2.
            edits: what to add to the latent.
            model: a name from /models that has an index of its training pictures; empty takes the first model.
            z: a latent in place of the seed's.
            off: units of the generator that are off.

        Returns:
            distance to the nearest training picture (0 the same … 2), closer (the share of pictures never seen that lie
            nearer), usual and own (where the middle 90 % of such pictures, and of the model's own faces, lie), words.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        face = schema.parse_face({"seed": seed, "psi": psi, "edits": edits, "z": z, "off": off})
        picture = services.renderer.render(name, services.renderer.latent(name, face)[None], face.off)[0]
        fields = verdict_fields(services.nearest.look(name, picture)[0])
        return Near(
            distance=fields["distance"],
            closer=fields["closer"],
            usual=fields["usual"],
            own=fields["own"],
            words=fields["words"],
        )

    def nearest_index(model: str = "") -> dict[str, Any]:
        """Begins to make the index of a model's training pictures that /nearest needs, where they lie on this machine.

        Asked again, it says how far the index is.

        Args:
            model: a name from /models; empty takes the first.

        Returns:
            state ("making", or "ready"), doing and progress (0 to 1) while it is made, error (why the last attempt
            failed), pictures (whether the page can show the nearest ones).
        """
        return begin_index(services, {"model": model})

    add_endpoint(nearest, services.limits.analyses)
    add_endpoint(nearest_index, services.limits.analyses)
