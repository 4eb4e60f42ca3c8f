"""One picture of a face, of a moment of a path, or of a place in a field, as a slider being dragged asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from dcgan.images import encode, to_pil
from dcgan.web import schema
from dcgan.web.services import Services

JPEG_QUALITY = 92


def render_frame(services: Services, body: Mapping[str, Any], look: schema.Look) -> bytes:
    """A picture file: a face's, a path's at time t, or a field's at x, y. Raises RequestError or CheckpointError."""
    renderer = services.renderer
    model = schema.parse_model(body, services.store.names)
    off: tuple[tuple[int, int], ...] = ()
    if "faces" in body:
        z = schema.parse_path(body).at(renderer, model, torch.tensor([schema.parse_share(body, "t")]))
    elif "corners" in body:
        x, y = (torch.tensor([schema.parse_share(body, name)]) for name in "xy")
        z = schema.parse_field(body).at(renderer, model, x, y)
    else:
        face = schema.parse_face(body)
        z, off = face.latent(renderer, model)[None], face.off
    picture = renderer.render(model, z, off)[0]
    return encode(to_pil(picture, look.size, look.resample), look.fmt, quality=JPEG_QUALITY)
