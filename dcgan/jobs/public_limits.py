"""What visitors of a public page may ask of the machine: a table of the settings they may choose, and how much is kept.

Every setting that is not in the table is refused, so a setting that is added to the configuration is closed to visitors
until somebody adds it here. The Train tab's form offers the same settings (`web/train/form.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dcgan.config import AUGMENTATIONS, D_NORMS, LOSSES, TrainConfig
from dcgan.data import check_public
from dcgan.data.doodle_set import parse_doodles
from dcgan.data.spec import parse
from dcgan.errors import ConfigError, DatasetError
from dcgan.jobs.allowed_values import Between, ModelName, OneOf, SomeOf
from dcgan.jobs.uploads import UploadLimits

KIMG = Between(1, 200)
PUBLIC_SETTINGS: Mapping[str, Between | OneOf | SomeOf | ModelName] = {
    "kimg": KIMG,
    "init": ModelName(),
    "batch": Between(2, 128),
    "lr_g": Between(1e-6, 0.1),
    "lr_d": Between(1e-6, 0.1),
    "r1_gamma": Between(0, 100),
    "loss": OneOf(LOSSES),
    "d_norm": OneOf(D_NORMS),
    "augment": SomeOf(AUGMENTATIONS),
    "xflip": OneOf((True, False)),
    "ema_kimg": Between(0, 1000),
    "image_size": OneOf((32, 64)),
    "nc": OneOf((3, 1)),
    "ngf": Between(1, 64),
    "ndf": Between(1, 64),
    "nz": Between(1, 256),
    "seed": Between(0, 2**63 - 1),
}


@dataclass(frozen=True)
class PublicLimits:
    """The limits of a public page: PUBLIC_SETTINGS, and how many uploads, runs, waiting runs and doodles there are."""

    uploads: UploadLimits = field(default_factory=UploadLimits)
    runs: int = 30  # of those that visitors started; the oldest are deleted first
    waiting: int = 10  # runs in the queue
    waiting_by_visitor: int = 1
    doodles: int = 20_000  # drawn in half a minute on two cores

    def check_data(self, data: str) -> None:
        """Raise DatasetError for a data set that a visitor may not use: a path, or too many doodles."""
        check_public(data)
        spec = parse(data)
        if spec.kind == "doodles" and (count := parse_doodles(spec)[0]) > self.doodles:
            raise DatasetError(f"On this public page a data set has at most {self.doodles:,} doodles, not {count:,}.")

    def check_names(self, names: Collection[str]) -> None:
        """Raise ConfigError for a setting that a visitor may not choose."""
        for name in names:
            if name not in PUBLIC_SETTINGS:
                known = ", ".join(PUBLIC_SETTINGS)
                raise ConfigError(f"On this public page {name[:40]!r} cannot be set. You can set: {known}.")

    def check_values(self, config: TrainConfig) -> None:
        """Raise ConfigError for a value out of range, whether the visitor chose it, the preset or the initial model."""
        for name, allowed in PUBLIC_SETTINGS.items():
            value = getattr(config, name) if hasattr(config, name) else getattr(config.model, name)
            if not allowed.allows(value):
                raise ConfigError(f"On this public page {name} must be {allowed}, not {value}.")
