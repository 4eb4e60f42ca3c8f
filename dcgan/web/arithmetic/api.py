"""The API endpoint /arithmetic."""

from __future__ import annotations

from typing import Any

from dcgan import schema
from dcgan.errors import RequestError
from dcgan.web.arithmetic.add_latents import ArithmeticResult, add_latents, parse_terms
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def arithmetic(
        plus: list[Any] | None = None,
        minus: list[Any] | None = None,
        plus2: list[Any] | None = None,
        model: str = "",
        terms: list[dict[str, Any]] | None = None,
    ) -> ArithmeticResult:
        """Add and subtract mean latents of faces: smiling women − women + men.

        Args:
            plus: 1 to 16 seeds, or faces such as {"seed": 7, "psi": 0.8} or {"z": "…"}; three similar ones work well.
            minus: faces whose mean is subtracted; may be left out.
            plus2: faces whose mean is added; may be left out.
            model: a name from /models; empty takes the first.
            terms: in place of the three, 1 to 6 of {"sign": 1, "faces": [1, 2, 3]}, sign 1 or -1.

        Returns:
            z, the sum, as /generate and links take it; length, its norm before it was clamped to usual, the range of
            99 % of random latents; means, one z of each term; steps, the sums term by term; around, eight z near it.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        if terms is None:
            named = ((1, plus), (-1, minus), (1, plus2))
            terms = [{"sign": sign, "faces": faces} for sign, faces in named if faces is not None]
            if not terms:
                raise RequestError("There is nothing to add: give plus, minus or plus2 a list of seeds or faces.")
        return add_latents(parse_terms(terms), services.renderer, name)

    add_endpoint(arithmetic, services.limiters.analyses)
