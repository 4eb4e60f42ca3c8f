"""D's opinion of a face in words and numbers: how real it looks, and how it ranks among this model's own faces."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from dcgan.engine.cache import VersionedCache
from dcgan.engine.renderer import Renderer
from dcgan.latent import z_from_seeds

CANDIDATES = 256  # faces a score is ranked among
BINS = 24


class Critic:
    """Scores pictures with a model's own discriminator. Safe to call from any thread."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._crowds: VersionedCache[Tensor] = VersionedCache(16)

    def opinion(self, model: str, picture: Tensor) -> dict[str, Any]:
        """{"probability", "percentile", "bins", "place"} for a uint8 picture [nc, S, S]; {} when there is no D.

        `probability` is D(x); None where D learned by the relativistic loss, which teaches it to compare pictures only.
        `percentile` is the share of the model's own random faces that D believes less than this one; `bins` is the
        histogram of their logits (largest bin 1), `place` where this face lies on its axis, both in 0 … 1.
        """
        logit = self._renderer.score(model, picture[None])
        if logit is None:
            return {}
        version = self._renderer.store.version(model)
        crowd = self._crowds.get(model, version, lambda: self._crowd(model))
        relativistic = self._renderer.info(model).loss == "relativistic"
        value, low, high = float(logit[0]), float(crowd[0]), float(crowd[-1])
        counts = torch.histc(crowd, BINS, low, high)
        return {
            "probability": None if relativistic else float(torch.sigmoid(torch.tensor(value))),
            "percentile": round(100 * float((crowd < value).float().mean())),
            "bins": [round(float(count), 3) for count in counts / counts.max()],
            "place": min(1.0, max(0.0, (value - low) / max(high - low, 1e-6))),
        }

    def _crowd(self, model: str) -> Tensor:
        """Sorted logits [CANDIDATES] of the faces of the first seeds, a few at a time so that others get their turn."""
        z = z_from_seeds(range(CANDIDATES), self._renderer.info(model).nz)
        scores = [self._renderer.score(model, self._renderer.render(model, part)) for part in z.split(16)]
        return torch.cat([score for score in scores if score is not None]).float().sort().values
