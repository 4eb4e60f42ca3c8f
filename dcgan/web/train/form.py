"""The Train tab's form: its fields with labels and hints, and the values that each preset fills in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from dcgan.config import D_NORMS, IMAGE_SIZES, LOSSES, ModelConfig, TrainConfig, make_config
from dcgan.data.spec import KINDS, PUBLIC_KINDS
from dcgan.data.torchvision_sets import KNOWN
from dcgan.jobs.allowed_values import OneOf
from dcgan.jobs.public_limits import KIMG, PUBLIC_SETTINGS
from dcgan.presets import PRESETS
from dcgan.web.services import Services

DEFAULT_PRESET = "quick"


@dataclass(frozen=True)
class Field:
    """One setting behind "more settings". `kind` is "number", "check" or "text"; a field with `choices` is a list."""

    name: str
    label: str
    hint: str = ""
    kind: str = "number"
    choices: tuple[object, ...] = ()


# `jobs.public_limits.PUBLIC_SETTINGS` has the allowed range of each field on a public server.
FIELDS = (
    Field("batch", "Batch size", "pictures in one training step; a small batch makes more steps"),
    Field("lr_g", "Learning rate of G"),
    Field("lr_d", "Learning rate of D"),
    Field("r1_gamma", "R1 penalty", "keeps D smooth near real images; 0 turns it off"),
    Field("loss", "Loss function", "bce is the tutorial's", choices=LOSSES),
    Field("d_norm", "Normalisation in D", "batch is the paper's", choices=D_NORMS),
    Field(
        "augment",
        "Augmentation",
        "changes every picture D sees, so that D cannot memorise a small data set: color, translation, cutout",
        "text",
    ),
    Field("xflip", "Mirror images", "shows each real image mirrored half of the time", "check"),
    Field("ema_kimg", "Averaging of G", "half-life of G's averaged weights, in thousands of pictures; 0 turns it off"),
    Field("image_size", "Image size", "side in pixels", choices=IMAGE_SIZES),
    Field("nc", "Colour channels", "3 for colour, 1 for gray", choices=(3, 1)),
    Field("ngf", "Width of G", "channels of its last hidden layer"),
    Field("ndf", "Width of D", "channels of its first layer"),
    Field("nz", "Latent dimensions", "one slider each"),
    Field("seed", "Random seed", "the same seed gives the same run"),
)


def form(services: Services) -> dict[str, Any]:
    """Return the form as JSON: fields, presets, kinds of data, models to begin with, and speeds."""
    public = services.jobs.public_limits is not None
    return {
        "fields": [_describe(field, public) for field in FIELDS],
        "presets": {name: _values(make_config(name, "doodles")) for name in PRESETS},
        "preset": DEFAULT_PRESET,
        "kinds": [kind for kind in KINDS if not public or kind in PUBLIC_KINDS],
        "torchvision": sorted(KNOWN),
        "public": public,
        "most_kimg": KIMG.high if public else None,
        "models": initial_models(services),
        "speeds": services.speeds.read(),
        "built_in": [field.name for field in dataclasses.fields(ModelConfig)],
    }


def initial_models(services: Services) -> list[str]:
    """Return the models that a run can begin with: those that have a discriminator."""
    return [name for name in services.store.names() if services.store.discriminator_path(name) is not None]


def _describe(field: Field, public: bool) -> dict[str, Any]:
    """Return a field as JSON. A field of kind "list" has "choices", those that this page allows."""
    allowed = PUBLIC_SETTINGS[field.name]
    choices = [
        value for value in field.choices if not public or not isinstance(allowed, OneOf) or allowed.allows(value)
    ]
    return {
        "name": field.name,
        "label": field.label,
        "hint": f"{field.label}: {field.hint}" if field.hint else field.label,
        "kind": "list" if choices else field.kind,
        "choices": choices,
    }


def _values(config: TrainConfig) -> dict[str, Any]:
    values = {field.name: getattr(config, field.name, getattr(config.model, field.name, None)) for field in FIELDS}
    return {**values, "kimg": config.kimg, "epochs": config.epochs}
