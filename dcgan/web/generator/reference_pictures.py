"""Pictures of some seeds, which a browser compares with those that it draws itself."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from dcgan.engine.renderer import Renderer
from dcgan.latent import z_from_seeds


def reference_pictures(renderer: Renderer, model: str, seeds: Sequence[int]) -> dict[str, Any]:
    """Return {"seeds": as text, "pictures": uint8 [N, S, S, nc] as base64}."""
    pictures = renderer.render(model, z_from_seeds(seeds, renderer.info(model).nz))
    content = pictures.permute(0, 2, 3, 1).contiguous().numpy().tobytes()
    return {"seeds": [str(seed) for seed in seeds], "pictures": base64.b64encode(content).decode()}
