"""How real a picture looks to the model's discriminator: D(x), and its rank among random faces of the model."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from dcgan.engine.cache import VersionedCache
from dcgan.engine.renderer import Renderer
from dcgan.latent import z_from_seeds

RANDOM_FACES = 256  # the random faces among which a score is ranked
BINS = 24
BATCH = 16  # faces rendered at a time, so that other requests interleave


class Critic:
    """Scores pictures with a model's discriminator. Safe to call from any thread."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._random_logits: VersionedCache[Tensor] = VersionedCache(16)

    def score(self, model: str, picture: Tensor) -> dict[str, Any]:
        """Return {"probability", "percentile", "bins", "place"} of a uint8 picture [nc, S, S]; {} when there is no D.

        `probability` is D(x); None if D was trained with the relativistic loss, which only compares pictures.
        `percentile` is the share of the model's random faces with a lower logit. `bins` is the histogram of their
        logits, its largest bin 1. `place` is the position of this picture on the histogram's axis, 0 … 1.
        """
        logit = self._renderer.logits(model, picture[None])
        if logit is None:
            return {}
        version = self._renderer.store.version(model)
        others = self._random_logits.get(model, version, lambda: self._sorted_logits(model))
        relativistic = self._renderer.info(model).loss == "relativistic"
        value, low, high = float(logit[0]), float(others[0]), float(others[-1])
        counts = torch.histc(others, BINS, low, high)
        return {
            "probability": None if relativistic else float(torch.sigmoid(torch.tensor(value))),
            "percentile": round(100 * float((others < value).float().mean())),
            "bins": [round(float(count), 3) for count in counts / counts.max()],
            "place": min(1.0, max(0.0, (value - low) / max(high - low, 1e-6))),
        }

    def _sorted_logits(self, model: str) -> Tensor:
        """Return the logits [RANDOM_FACES] of the first seeds' faces, ascending."""
        z = z_from_seeds(range(RANDOM_FACES), self._renderer.info(model).nz)
        logits = [self._renderer.logits(model, self._renderer.render(model, batch)) for batch in z.split(BATCH)]
        return torch.cat([known for known in logits if known is not None]).float().sort().values
