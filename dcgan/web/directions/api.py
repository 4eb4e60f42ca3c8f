"""The API endpoints /directions, /name_directions and /teach."""

from __future__ import annotations

from typing import Any, TypedDict

from dcgan.web.directions.routes import direction_fields, fit_fields, save_labels
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services


class FittedDirectionAnswer(TypedDict):
    """A direction of norm 1 as text, its balanced accuracy on held-out examples, and a sentence about that."""

    vector: str
    accuracy: float
    has: int
    has_not: int
    sure: bool
    words: str


def add_api(services: Services) -> None:
    """Add the endpoints to the Blocks being built."""

    def directions(model: str = "", method: str = "jacobian") -> dict[str, Any]:
        """The directions of a model's latent space. The first one changes its pictures most.

        Args:
            model: a name from /models; empty takes the first.
            method: how they are computed: "jacobian", "sefa" or "pca". The first request of a model takes seconds.

        Returns:
            shares, the share of all change along each direction; labels, {"names", "locked", "order"} as saved with the
            model; taught, saved directions that were fitted to examples. The last two are empty on a shared server.
        """
        fields = direction_fields(services, {"model": model, "method": method})
        saved = fields["saved"] or {}
        return {
            "shares": fields["shares"],
            "labels": saved.get("labels", {}).get(method, {}),
            "taught": saved.get("taught", []),
        }

    def name_directions(labels: dict[str, Any], model: str = "", method: str = "jacobian") -> dict[str, Any]:
        """Replace the saved labels of a model's directions, and return what /directions returns then.

        Args:
            labels: {"names": {"0": "smile"}, "locked": [0], "order": [1, 0]}; each field may be missing.
            model: a name from /models; empty takes the first.
            method: the method of the directions: "jacobian", "sefa" or "pca".
        """
        save_labels(services, {"model": model, "method": method, "labels": labels})
        return directions(model, method)

    def teach(
        has: list[int], has_not: list[int], model: str = "", locked: list[dict[str, Any]] | None = None
    ) -> FittedDirectionAnswer:
        """Fit a direction to examples: seeds whose faces have a trait, and seeds whose faces do not.

        Args:
            has: 3 to 200 seeds whose faces have the trait.
            has_not: 3 to 200 seeds whose faces do not have it.
            model: a name from /models; empty takes the first.
            locked: directions to which it is orthogonal, each {"direction": 0, "method": "sefa"} or {"vector": "…"}.

        Returns:
            vector, for an edit {"vector": "…", "amount": 2} of /generate; accuracy on held-out examples, 0 to 1
            (guessing: 0.5); has and has_not, the numbers of examples; sure, whether the accuracy is significantly above
            guessing; words, a sentence about it.
        """
        fields = fit_fields(services, {"model": model, "has": has, "has_not": has_not, "locked": locked})
        return FittedDirectionAnswer(
            vector=fields["vector"],
            accuracy=fields["accuracy"],
            has=fields["has"],
            has_not=fields["has_not"],
            sure=fields["sure"],
            words=fields["words"],
        )

    add_endpoint(directions, services.limiters.analyses)
    add_endpoint(name_directions, services.limiters.analyses)
    add_endpoint(teach, services.limiters.fits)
