"""The API endpoints /nearest and /nearest_index: whether a face is a copy of a training picture."""

from __future__ import annotations

from typing import Any, TypedDict

from dcgan import schema
from dcgan.web.named_api import add_endpoint
from dcgan.web.nearest.routes import distance_fields, start_indexing
from dcgan.web.services import Services


class NearestAnswer(TypedDict):
    """A distance to the nearest training picture, the range that is usual, and a phrase that compares the two."""

    distance: float
    closer: float
    usual: list[float]
    own: list[float] | None
    words: str


def add_api(services: Services) -> None:
    """Add the endpoints to the Blocks being built."""

    def nearest(
        seed: int = 0,
        psi: float = 1.0,
        edits: list[dict[str, Any]] | None = None,
        model: str = "",
        z: str = "",
        off: list[list[int]] | None = None,
    ) -> NearestAnswer:
        """The distance of a face to the nearest picture that its model was trained on.

        Args:
            seed: which face, as /generate takes it; so are psi, edits, model, z and off.
            psi: truncation, 0 to 2.
            edits: what to add to the latent.
            model: a name from /models that has an index of its training pictures; empty takes the first model.
            z: a latent in place of the seed's.
            off: units of the generator that are off.

        Returns:
            distance to the nearest training picture (0: identical, at most 2); closer, the share of unseen real
            pictures that are nearer than this face; usual and own, the ranges of the middle 90 % of unseen pictures and
            of the model's own faces; words, a phrase that says what the distance means.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        face = schema.parse_face({"seed": seed, "psi": psi, "edits": edits, "z": z, "off": off})
        picture = services.renderer.render(name, services.renderer.latent(name, face)[None], face.off)[0]
        fields = distance_fields(services.nearest.find(name, picture)[0])
        return NearestAnswer(
            distance=fields["distance"],
            closer=fields["closer"],
            usual=fields["usual"],
            own=fields["own"],
            words=fields["words"],
        )

    def nearest_index(model: str = "") -> dict[str, Any]:
        """Start making the index of a model's training pictures that /nearest needs, if they are on this machine.

        Called again, it returns the progress.

        Args:
            model: a name from /models; empty takes the first.

        Returns:
            state ("indexing" or "ready"); doing and progress (0 to 1) while it is made; error, why the last attempt
            failed; pictures, whether the page can show the nearest ones.
        """
        return start_indexing(services, {"model": model})

    add_endpoint(nearest, services.limiters.analyses)
    add_endpoint(nearest_index, services.limiters.analyses)
