"""/teach: a direction from examples, for other programs."""

from __future__ import annotations

from typing import Any, TypedDict

from gradio.events import api

from dcgan.web.directions.routes import learn
from dcgan.web.pictures.api import spoken
from dcgan.web.services import Services


class Taught(TypedDict):
    """A direction of length 1 as text, its balanced accuracy on examples held out, and what to make of that."""

    vector: str
    accuracy: float
    has: int
    has_not: int
    sure: bool
    words: str


def add_direction_api(services: Services) -> None:
    """Adds /teach to the Blocks being built."""

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
        fields = learn(services, {"model": model, "has": has, "has_not": has_not, "locked": locked})
        return Taught(
            vector=fields["vector"],
            accuracy=fields["accuracy"],
            has=fields["has"],
            has_not=fields["has_not"],
            sure=fields["sure"],
            words=fields["words"],
        )

    api(spoken(teach), api_name="teach", concurrency_limit=2, concurrency_id="lessons")
