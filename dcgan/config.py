"""Every setting of a model and of a training run, checked before any work starts.

All intervals are counted in pictures shown to D (`nimg`), not in steps or epochs, so that they mean the same at every
batch size. The defaults are the PyTorch DCGAN tutorial's; `presets.py` has the recipes.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from dcgan.errors import ConfigError
from dcgan.presets import PRESETS

IMAGE_SIZES = (32, 64, 128)
D_NORMS = ("batch", "spectral", "none")
LOSSES = ("bce", "hinge", "relativistic")
AUGMENTATIONS = ("color", "translation", "cutout")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
PRECISIONS = ("auto", "fp32", "bf16")

# Format of a run's config.json, raised whenever a setting is removed or changes its meaning.
# 1 (not written): had judged, judged_weight and judged_free. 2: without them.
VERSION = 2


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise ConfigError(sentence)


@dataclass(frozen=True)
class ModelConfig:
    """Shape of the two networks. Defaults are the tutorial's.

    `d_norm` is what follows D's inner convolutions: "batch" (the paper), "spectral" or "none". `mbstd` is the
    group size of the minibatch standard deviation (arXiv 1710.10196, section 3); 0 turns it off. `bias` gives the
    convolutions without BatchNorm a bias: G's last one, D's first and last one; some imported models have it.
    """

    image_size: int = 64
    nc: int = 3
    nz: int = 100
    ngf: int = 64
    ndf: int = 64
    d_norm: str = "batch"
    mbstd: int = 0
    bias: bool = False

    def __post_init__(self) -> None:
        _require(self.image_size in IMAGE_SIZES, f"image_size must be one of {IMAGE_SIZES}, not {self.image_size}.")
        _require(self.nc in (1, 3), f"nc must be 1 (gray) or 3 (colour), not {self.nc}.")
        for name in ("nz", "ngf", "ndf"):
            value = getattr(self, name)
            _require(1 <= value <= 1024, f"{name} must be between 1 and 1024, not {value}.")
        _require(self.d_norm in D_NORMS, f"d_norm must be one of {D_NORMS}, not {self.d_norm!r}.")
        _require(0 <= self.mbstd <= 1024, f"mbstd must be between 0 (off) and 1024, not {self.mbstd}.")


@dataclass(frozen=True)
class TrainConfig:
    """One training run. Lengths and intervals are in pictures, half-lives in thousands of pictures (kimg).

    `epochs` is the length of the run, unless `kimg` is above 0 and says it directly. `augment` is a comma-separated
    subset of "color,translation,cutout" (DiffAugment, arXiv 2006.10738), or empty.
    """

    data: str = "doodles"
    preset: str = "tutorial"
    # A model to start from instead of random weights: a checkpoint's name, run:ID, run:ID@NIMG or best:ID
    init: str = ""
    init_seen: int = 0  # pictures that this model was trained on; read from its file
    model: ModelConfig = field(default_factory=ModelConfig)
    seed: int = 2021
    # Length
    epochs: float = 5.0
    kimg: float = 0.0
    batch: int = 128
    drop_last: bool = False
    # Optimisers
    loss: str = "bce"
    lr_g: float = 2e-4
    lr_d: float = 2e-4
    beta1: float = 0.5
    beta2: float = 0.999
    anneal: float = 0.0  # share of the run, at its end, over which both learning rates fall linearly to 0
    r1_gamma: float = 0.0
    r2_gamma: float = 0.0
    r1_every: int = 16
    # Data
    xflip: bool = False
    augment: str = ""
    negatives: float = 0.0  # weight of corrupted real pictures as extra fakes for D (arXiv 2102.05113); 0 is off
    # Averaged weights of G; a half-life of 0 means none
    ema_kimg: float = 0.0
    ema_rampup: float = 0.05
    # Reports
    log_every: int = 1_280  # a line in metrics.jsonl and TensorBoard: the mean since the last one
    line_every: int = 6_400  # a line in train.log
    sample_every: int = 64_000
    snapshot_every: int = 64_000
    state_every: int = 64_000
    keep_snapshots: int = 8
    eval_every: int = 0  # KID and coverage on 1000 pictures, by which the best model is kept; 0 is off
    tutorial_steps: bool = False  # lines and grids at the tutorial's steps: the first of an interval, not the last
    # Machine; precision "auto" measures which is faster, threads 0 uses every core
    precision: str = "auto"
    threads: int = 0

    def __post_init__(self) -> None:
        _require(bool(self.data.strip()), "data must name a data set, for example doodles or npy:FOLDER.")
        _require(0 <= self.seed < 2**63, f"seed must be between 0 and 2^63 - 1, not {self.seed}.")
        _require(
            0 < self.epochs <= 1e6 or self.kimg > 0,
            f"epochs must be above 0 and at most a million, not {self.epochs}.",
        )
        _require(0 <= self.kimg <= 1e7, f"kimg must be between 0 and 10 million, not {self.kimg}.")
        _require(2 <= self.batch <= 4096, f"batch must be between 2 and 4096, not {self.batch}.")
        _require(self.loss in LOSSES, f"loss must be one of {LOSSES}, not {self.loss!r}.")
        for name in ("lr_g", "lr_d"):
            value = getattr(self, name)
            _require(0 < value <= 1, f"{name} must be above 0 and at most 1, not {value}.")
        for name in ("beta1", "beta2"):
            value = getattr(self, name)
            _require(0 <= value < 1, f"{name} must be at least 0 and below 1, not {value}.")
        _require(0 <= self.anneal <= 1, f"anneal must be between 0 and 1, not {self.anneal}.")
        _require(len(self.init) <= 100, "init names a model in at most 100 characters.")
        _require(0 <= self.init_seen <= 10**12, f"init_seen must be at least 0, not {self.init_seen}.")
        for name in ("r1_gamma", "r2_gamma"):
            value = getattr(self, name)
            _require(0 <= value <= 1000, f"{name} must be between 0 and 1000, not {value}.")
        _require(1 <= self.r1_every <= 1024, f"r1_every must be between 1 and 1024, not {self.r1_every}.")
        for name in self.augment_names:
            _require(name in AUGMENTATIONS, f"augment takes names from {AUGMENTATIONS}, not {name!r}.")
        _require(0 <= self.negatives <= 100, f"negatives must be between 0 and 100, not {self.negatives}.")
        _require(0 <= self.ema_kimg <= 1e6, f"ema_kimg must be between 0 and a million, not {self.ema_kimg}.")
        _require(0 <= self.ema_rampup <= 1, f"ema_rampup must be between 0 and 1, not {self.ema_rampup}.")
        for name in ("log_every", "line_every", "sample_every", "snapshot_every", "state_every", "keep_snapshots"):
            value = getattr(self, name)
            _require(1 <= value <= 10**10, f"{name} must be at least 1, not {value}.")
        _require(0 <= self.eval_every <= 10**10, f"eval_every must be at least 0, not {self.eval_every}.")
        _require(self.precision in PRECISIONS, f"precision must be one of {PRECISIONS}, not {self.precision!r}.")
        _require(0 <= self.threads <= 1024, f"threads must be between 0 (all) and 1024, not {self.threads}.")

    @property
    def augment_names(self) -> tuple[str, ...]:
        """The augmentations as names, in the order they are applied."""
        return tuple(name.strip() for name in self.augment.split(",") if name.strip())

    def epoch_pictures(self, count: int) -> int:
        """Return how many of a data set's `count` pictures an epoch trains on."""
        return count // self.batch * self.batch if self.drop_last else count

    def total_pictures(self, count: int) -> int:
        """Return the length of the run in pictures, for a data set of `count`."""
        if self.kimg > 0:
            return math.ceil(self.kimg * 1000)
        return math.ceil(self.epochs * self.epoch_pictures(count))


def to_dict(config: TrainConfig | ModelConfig) -> dict[str, Any]:
    """Return a configuration as plain data for JSON; that of a TrainConfig includes the format version."""
    values = dataclasses.asdict(config)
    return {"version": VERSION, **values} if isinstance(config, TrainConfig) else values


def model_from_dict(values: Mapping[str, Any]) -> ModelConfig:
    """Return the ModelConfig of plain data (a file's header). Raises ConfigError on an unknown name or a bad value."""
    return ModelConfig(**_checked(ModelConfig, values))


def from_dict(values: Mapping[str, Any]) -> TrainConfig:
    """Return the TrainConfig of plain data (a run's config.json); an older format version is upgraded first.

    Raises ConfigError on an unknown name, a bad value, or a format that cannot be upgraded.
    """
    current = upgraded(values)
    return _build(current.pop("model", {}), current)


def upgraded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Upgrade a run's config.json of any format version to the present one, and remove the key "version".

    A file without that key is of version 1. Raises ConfigError for a file of a later version, and for a run that used
    a setting which no longer exists.
    """
    result = dict(values)
    version = result.pop("version", 1)
    if not isinstance(version, int) or version < 1:
        raise ConfigError(f"The configuration's version must be a whole number from 1 to {VERSION}, not {version!r}.")
    if version > VERSION:
        raise ConfigError(
            f"The run's configuration has format version {version}; this program reads versions up to {VERSION}. "
            "Update the program to open the run."
        )
    if version < 2:
        _upgrade_1_to_2(result)
    return result


def _upgrade_1_to_2(values: dict[str, Any]) -> None:
    """Remove the settings of training with judged pictures. Raises ConfigError if the run was trained with them."""
    if values.pop("judged", ""):
        raise ConfigError(
            "This run was trained with the setting judged, which the program no longer has, so it cannot be resumed. "
            "Its model can still be opened; to train it further, start a new run with --init run:ID, where ID is the "
            "name of this run's folder."
        )
    values.pop("judged_weight", None)
    values.pop("judged_free", None)


def _build(model: Mapping[str, Any], values: Mapping[str, Any]) -> TrainConfig:
    return TrainConfig(model=model_from_dict(model), **_checked(TrainConfig, values))


def make_config(preset: str, data: str, overrides: Mapping[str, Any] | None = None) -> TrainConfig:
    """Return the configuration of a preset on a data set, with overrides such as {"batch": 64, "ngf": 32}.

    Raises ConfigError, which lists the presets or the settings, for an unknown name.
    """
    if preset not in PRESETS:
        raise ConfigError(f"There is no preset {preset!r}; choose one of: {', '.join(PRESETS)}.")
    values = dict(PRESETS[preset])
    model = dict(values.pop("model", {}))
    model_names = {f.name for f in dataclasses.fields(ModelConfig)}
    train_names = {f.name for f in dataclasses.fields(TrainConfig)} - {"model", "preset", "data"}
    for name, value in (overrides or {}).items():
        if name in model_names:
            model[name] = value
        elif name in train_names:
            values[name] = value
            if name == "epochs" and "kimg" not in (overrides or {}):
                values["kimg"] = 0.0
        else:
            known = ", ".join(sorted(model_names | train_names))
            raise ConfigError(f"There is no setting {name!r}. Settings: {known}.")
    return _build(model, {**values, "preset": preset, "data": data})


def parse_overrides(pairs: Iterable[str]) -> dict[str, str]:
    """Parse ["batch=64", "lr_g=1e-4"] into {"batch": "64", "lr_g": "1e-4"}; `make_config` converts the values."""
    overrides = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ConfigError(f"A setting is written name=value, not {pair!r}.")
        overrides[name.strip()] = value.strip()
    return overrides


def _checked(cls: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values converted to the types of the dataclass's fields."""
    types = {f.name: f.type for f in dataclasses.fields(cls)}
    result = {}
    for name, value in values.items():
        if name not in types:
            raise ConfigError(f"There is no setting {name!r}. Settings: {', '.join(sorted(types))}.")
        result[name] = _convert(name, value, str(types[name]))
    return result


def _convert(name: str, value: Any, kind: str) -> Any:
    if kind == "str":
        if not isinstance(value, str):
            raise ConfigError(f"{name} must be text, not {_show(value)}.")
        return value
    if kind == "bool":
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        answer = words.get(str(value).lower())
        if answer is None:
            raise ConfigError(f"{name} must be true or false, not {_show(value)}.")
        return answer
    number = _number(name, value)
    if not math.isfinite(number):
        raise ConfigError(f"{name} must be a finite number, not {_show(value)}.")
    if kind == "float":
        return number
    if number != int(number):
        raise ConfigError(f"{name} must be a whole number, not {_show(value)}.")
    # Through text, not through float: a 63-bit seed would lose its last digits.
    return int(value) if isinstance(value, (int, str)) and str(value).strip().lstrip("+-").isdigit() else int(number)


def _number(name: str, value: object) -> float:
    """Convert a number or its text in plain digits. Python alone also takes "1_0" and the digits of other scripts."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number or (isinstance(value, str) and NUMBER.fullmatch(value.strip())):
        with suppress(OverflowError):
            return float(value)  # type: ignore[arg-type]
    raise ConfigError(f"{name} must be a number of ordinary size, such as 64 or 1e-4, not {_show(value)}.")


def _show(value: object) -> str:
    """Return a value as text of at most 60 characters, for an error."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to print a whole number of more than 4300 digits
        return "a number of so many digits"
    return text if len(text) <= 60 else f"{text[:57]}…"
