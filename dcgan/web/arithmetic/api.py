"""/arithmetic and /breed, for other programs."""

from __future__ import annotations

from typing import Any

from dcgan import schema
from dcgan.errors import RequestError
from dcgan.web.arithmetic.add_latents import ArithmeticResult, add_latents, parse_terms
from dcgan.web.arithmetic.routes import child_fields
from dcgan.web.named_api import add_endpoint, as_faces
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Adds the endpoints to the Blocks being built."""

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
                raise RequestError("There is nothing to add: give plus, minus or plus2 a list of seeds or faces.")
        return add_latents(parse_terms(terms), services.renderer, name)

    def breed(parents: list[Any], wildness: float = 0.2, seed: int = 0, model: str = "") -> list[str]:
        """Nine children of two faces: each takes after one or the other by chance, and differs a little from both.

        Args:
            parents: two seeds, or faces such as {"seed": 7, "psi": 0.8} or {"z": "…"}.
            wildness: how much the children differ, 0 to 1.
            seed: of the chances; the same seed gives the same children.
            model: a name from /models; empty takes the first.

        Returns:
            Nine latents as text, which /generate and links take as z.
        """
        fields = {"model": model, "parents": as_faces(parents), "wildness": wildness, "seed": seed}
        return child_fields(services, fields)["children"]

    add_endpoint(arithmetic, services.limits.analyses)
    add_endpoint(breed, services.limits.analyses)
