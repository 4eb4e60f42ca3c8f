"""/directions, /name_directions and /teach, for other programs."""

from __future__ import annotations

from typing import Any, TypedDict

from dcgan.web.directions.routes import direction_fields, fit_fields, keep_notes
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services


class Taught(TypedDict):
    """A direction of length 1 as text, its balanced accuracy on examples held out, and what to make of that."""

    vector: str
    accuracy: float
    has: int
    has_not: int
    sure: bool
    words: str


def add_api(services: Services) -> None:
    """Adds the endpoints to the Blocks being built."""

    def directions(model: str = "", method: str = "jacobian") -> dict[str, Any]:
        """The directions of a model's latent space, the one that changes its pictures most first.

        Args:
            model: a name from /models; empty takes the first.
            method: how they are found: "jacobian", "sefa" or "pca". Takes seconds at a model's first request.

        Returns:
            shares (how much of all change lies along each), labels ({"names", "locked", "order"} that are kept with the
            model) and taught (directions fitted to examples that are kept with it); both empty on a shared machine.
        """
        fields = direction_fields(services, {"model": model, "method": method})
        notes = fields["notes"] or {}
        return {
            "shares": fields["shares"],
            "labels": notes.get("labels", {}).get(method, {}),
            "taught": notes.get("taught", []),
        }

    def name_directions(labels: dict[str, Any], model: str = "", method: str = "jacobian") -> dict[str, Any]:
        """Keeps names of directions with a model, in place of those that were kept → what /directions returns then.

        Args:
            labels: {"names": {"0": "smile"}, "locked": [0], "order": [1, 0]}, each of which may be missing.
            model: a name from /models; empty takes the first.
            method: which directions: "jacobian", "sefa" or "pca".
        """
        keep_notes(services, {"model": model, "method": method, "labels": labels})
        return directions(model, method)

    def teach(
        has: list[int], has_not: list[int], model: str = "", locked: list[dict[str, Any]] | None = None
    ) -> Taught:
        """A direction towards a trait, learned from seeds whose faces have it and seeds whose faces have not.

        Args:
            has: 3 to 200 seeds whose faces have the trait.
            has_not: 3 to 200 seeds whose faces have not.
            model: a name from /models; empty takes the first.
            locked: directions that are left out of it, each {"direction": 0, "method": "sefa"} or {"vector": "…"}.

        Returns:
            vector (to be given to /generate as an edit {"vector": "…", "amount": 2}), accuracy on examples held out
            (0.5 is guessing), the two counts, sure (guessing would hardly reach this accuracy), and words.
        """
        fields = fit_fields(services, {"model": model, "has": has, "has_not": has_not, "locked": locked})
        return Taught(
            vector=fields["vector"],
            accuracy=fields["accuracy"],
            has=fields["has"],
            has_not=fields["has_not"],
            sure=fields["sure"],
            words=fields["words"],
        )

    add_endpoint(directions, services.limits.analyses)
    add_endpoint(name_directions, services.limits.analyses)
    add_endpoint(teach, services.limits.fits)
