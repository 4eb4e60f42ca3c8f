"""The API endpoints /models, /open_link and /score."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dcgan.errors import RequestError
from dcgan.schema.link import LONGEST
from dcgan.web.explore.routes import open_fields, score_fields
from dcgan.web.named_api import add_endpoint
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add the endpoints to the Blocks being built."""

    def models() -> list[str]:
        """The names of all models: checkpoints by name, then training runs as run:<id>, newest first."""
        return services.store.names()

    def open_link(link: str = "") -> dict[str, Any]:
        """Open a copied link: return its face, as the other endpoints take it, and its model.

        Args:
            link: an address of this page, or the part after its question mark, such as "model=faces&seed=42&psi=0.8".

        Returns:
            face ({"seed", "psi", "edits", "z", "off"}); model, its settings; models, all names; problems, one sentence
            for each part of the link that cannot be used.
        """
        if not isinstance(link, str) or len(link) > 2 * LONGEST:
            raise RequestError(f"link must be text of at most {2 * LONGEST} characters.")
        query = urlsplit(link).query if "?" in link else link
        fields = open_fields(services, dict(parse_qsl(query)))
        return {name: fields[name] for name in ("face", "model", "models", "problems")}

    def score(
        seed: int = 0,
        psi: float = 1.0,
        edits: list[dict[str, Any]] | None = None,
        model: str = "",
        z: str = "",
        off: list[list[int]] | None = None,
    ) -> dict[str, Any]:
        """How real a face looks to the discriminator that its generator was trained against.

        Args:
            seed: the number of the face. All arguments are as for /generate.
            psi: truncation, 0 to 2.
            edits: what to add to the latent.
            model: a name from /models; empty takes the first.
            z: a latent in place of the seed's.
            off: units of the generator that are off.

        Returns:
            probability, D(x); null if D was trained with the relativistic loss, which only compares pictures.
            percentile, the share of the model's random faces that D rates as less real; bins, the histogram of their
            scores; place, the position of this face on its axis, 0 to 1. Empty when the model has no discriminator.
        """
        face = {"model": model, "seed": seed, "psi": psi, "edits": edits, "z": z, "off": off}
        return score_fields(services, face)

    add_endpoint(models, services.limiters.pictures)
    add_endpoint(open_link, services.limiters.sheets)
    add_endpoint(score, services.limiters.sheets)
