"""What the Train tab's form offers: each setting with its hint and range, and what every preset fills in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dcgan.config import ModelConfig, TrainConfig, make_config
from dcgan.data.spec import KINDS, PUBLIC_KINDS
from dcgan.data.torchvision_sets import KNOWN
from dcgan.jobs.runs import list_runs, read_status
from dcgan.jobs.trainer import Jobs
from dcgan.presets import PRESETS
from dcgan.web.services import Services

DEFAULT_PRESET = "quick"
SHORT_RUN = 200_000  # pictures
LOOKED_AT = 20  # runs, in search of a measured speed


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
        "models": beginnings(services),
        "speeds": measured_speeds(services.jobs),
        "built_in": [field.name for field in dataclasses.fields(ModelConfig)],
    }


def beginnings(services: Services) -> list[str]:
    """The models a run can begin with: those whose discriminator is kept beside them."""
    return [name for name in services.store.names() if services.store.discriminator_path(name) is not None]


def measured_speeds(jobs: Jobs) -> dict[str, float]:
    """Pictures a second that each preset last reached on this machine, for the presets that were tried."""
    speeds: dict[str, float] = {}
    for run in list_runs(jobs.runs)[:LOOKED_AT]:
        status = read_status(jobs.runs / run)
        preset, speed = status.get("preset"), status.get("speed")
        if preset in PRESETS and isinstance(speed, int | float) and speed > 0:
            speeds.setdefault(preset, float(speed))
    return speeds


def paced(preset: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Settings whose intervals suit their length in kimg: however short a run is, there is a history to look at, a
    model to try and a state to go on from. Intervals that were asked for, and shorter ones of the preset, stay."""
    result = dict(overrides)
    try:
        pictures = float(result.get("kimg", 0)) * 1000
    except (TypeError, ValueError):
        return result  # whoever reads the settings says what is wrong with it
    if preset in PRESETS and 0 < pictures < SHORT_RUN:
        usual = make_config(preset, "doodles")
        for name, times in {"log_every": 100, "sample_every": 20, "snapshot_every": 8, "state_every": 8}.items():
            result.setdefault(name, min(getattr(usual, name), max(128, round(pictures / times))))
    return result


def _values(config: TrainConfig) -> dict[str, Any]:
    values = {field.name: getattr(config, field.name, getattr(config.model, field.name, None)) for field in FIELDS}
    return {**values, "kimg": config.kimg, "epochs": config.epochs}
