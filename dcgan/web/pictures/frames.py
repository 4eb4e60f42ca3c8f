"""One picture of a face, of a moment of a path, or of a place in a field, as a slider being dragged asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from dcgan import schema
from dcgan.images import encode, to_pil
from dcgan.web.services import Services

JPEG_QUALITY = 92


def render_frame(services: Services, body: Mapping[str, Any], look: schema.PictureSpec) -> bytes:
    """Draw a picture: a face's, a path's at time t, or a field's at x, y. Raises RequestError or CheckpointError."""
    renderer = services.renderer
    model = schema.parse_model(body, services.store.names)
    off: tuple[tuple[int, int], ...] = ()
    if "faces" in body:
        path, t = schema.parse_path(body, schema.MAX_KEYFRAMES_ONLINE), schema.parse_fraction(body, "t")
        z = path.at(renderer.latents(model, path.faces), torch.tensor([t]))
    elif "corners" in body:
        x, y = (torch.tensor([schema.parse_fraction(body, name)]) for name in "xy")
        field = schema.parse_field(body)
        z = field.at(renderer.latents(model, field.corners), x, y)
    else:
        face = schema.parse_face(body)
        z, off = renderer.latent(model, face)[None], face.off
    picture = renderer.render(model, z, off)[0]
    return encode(to_pil(picture, look.size, look.resample), look.format, quality=JPEG_QUALITY)
