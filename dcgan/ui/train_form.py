"""What the Train tab's form offers: each setting with its hint and range, and what every preset fills in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dcgan.config import PRESETS, TrainConfig, make_config
from dcgan.data.spec import KINDS, PUBLIC_KINDS
from dcgan.data.tv import KNOWN
from dcgan.ui.services import Services

DEFAULT_PRESET = "quick"


@dataclass(frozen=True)
class Field:
    """One setting behind "more": `kind` is "number", "check" or a comma-separated list of choices."""

    name: str
    hint: str
    kind: str = "number"


FIELDS = (
    Field("batch", "Pictures a step: fewer make more steps of the same pictures"),
    Field("lr_g", "Learning rate of G"),
    Field("lr_d", "Learning rate of D"),
    Field("r1_gamma", "Holds D back where pictures are real, so that G is never left without a way to learn; 0 is off"),
    Field("loss", "What the two play for; bce is the tutorial's", "bce,hinge,relativistic"),
    Field("d_norm", "What follows D's inner layers; batch is the paper's", "batch,spectral,none"),
    Field(
        "augment",
        "Changes shown to D on both sides, against learning few pictures by heart: color, translation, cutout",
        "text",
    ),
    Field("xflip", "Show real pictures mirrored half of the time", "check"),
    Field("ema_kimg", "Half-life of G's averaged weights, in thousands of pictures; 0 is off"),
    Field("image_size", "Side of the pictures", "32,64,128"),
    Field("nc", "3 for colour, 1 for gray", "3,1"),
    Field("ngf", "Width of G"),
    Field("ndf", "Width of D"),
    Field("nz", "Dimensions of the latent space, one slider each"),
    Field("seed", "First weights, order of pictures, noise: the same seed gives the same run"),
)


def form(services: Services) -> dict[str, Any]:
    """Everything the form needs to draw itself."""
    public = services.settings.public
    limits = services.jobs.limits
    return {
        "fields": [field.__dict__ for field in FIELDS],
        "presets": {name: _values(make_config(name, "doodles")) for name in PRESETS},
        "preset": DEFAULT_PRESET,
        "kinds": [kind for kind in KINDS if not public or kind in PUBLIC_KINDS],
        "torchvision": sorted(KNOWN),
        "public": public,
        "most_kimg": limits.kimg if limits else None,
    }


def _values(config: TrainConfig) -> dict[str, Any]:
    values = {field.name: getattr(config, field.name, getattr(config.model, field.name, None)) for field in FIELDS}
    return {**values, "kimg": config.kimg, "epochs": config.epochs}
