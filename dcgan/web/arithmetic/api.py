"""/arithmetic: sums of faces, for other programs."""

from __future__ import annotations

from typing import Any

from gradio.events import api

from dcgan import schema
from dcgan.errors import RequestError
from dcgan.web.arithmetic.add_latents import ArithmeticResult, add_latents, parse_terms
from dcgan.web.pictures.api import spoken
from dcgan.web.services import Services


def add_latent_api(services: Services) -> None:
    """Adds /arithmetic to the Blocks being built."""

    def arithmetic(
        plus: list[Any] | None = None,
        minus: list[Any] | None = None,
        plus2: list[Any] | None = None,
        model: str = "",
        terms: list[dict[str, Any]] | None = None,
    ) -> ArithmeticResult:
        """The mean of some faces' latents, minus that of others, plus that of others: smiling woman − woman + man.

        Args:
            plus: 1 to 16 seeds, or faces such as {"seed": 7, "psi": 0.8} or {"z": "…"}; three of a kind work well.
            minus: the same, to be taken away; may be left out.
            plus2: the same, to be added; may be left out.
            model: a name from /models; empty takes the first.
            terms: in place of the three, 1 to 6 of {"sign": 1, "faces": [1, 2, 3]}, sign 1 or -1.

        Returns:
            z (as /generate and links take it), length (of the sum before it was moved to the lengths of 99 % of
            random latents, usual), means (one z a term), steps (z of the sum term by term), around (eight near z).
        """
        name = schema.parse_model({"model": model}, services.store.names)
        if terms is None:
            named = ((1, plus), (-1, minus), (1, plus2))
            terms = [{"sign": sign, "faces": faces} for sign, faces in named if faces is not None]
            if not terms:
                raise RequestError("Nothing to add up: give plus, minus or plus2 a list of seeds or faces.")
        return add_latents(parse_terms(terms), services.renderer, name)

    api(spoken(arithmetic), api_name="arithmetic", concurrency_limit=2, concurrency_id="pictures")
