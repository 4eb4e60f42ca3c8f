"""A face's latent as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcgan import schema
from dcgan.latent.prior import norm_range, share_shorter
from dcgan.schema import encode_z
from dcgan.web.services import Services


def fader_fields(services: Services, params: Mapping[str, str]) -> dict[str, Any]:
    """{"z"}: the latent of a seed, or of a packed latent, before truncation and edits."""
    face = schema.parse_face({"seed": params.get("seed", ""), "z": params.get("z")})
    z = services.renderer.latent(schema.parse_model(params, services.store.names), face)
    return {"z": [round(value, 4) for value in z.tolist()]}


def latent_fields(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """A face's latent as a list and as text, its length, and how usual that is.

    `shorter`: the share of random latents that are shorter; `usual`: the lengths between which 99 % of them lie.
    """
    model = schema.parse_model(body, services.store.names)
    z = services.renderer.latent(model, schema.parse_face(body))
    length = float(z.norm())
    return {
        "z": [round(value, 6) for value in z.tolist()],
        "packed": encode_z(z.tolist()),
        "length": round(length, 3),
        "shorter": round(share_shorter(length, len(z)), 4),
        "usual": [round(end, 3) for end in norm_range(len(z))],
    }
