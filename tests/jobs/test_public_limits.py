"""What a visitor of a public page may set: a table, and nothing beside it."""

from __future__ import annotations

import dataclasses

import pytest

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import ModelConfig, TrainConfig
from dcgan.errors import ConfigError
from dcgan.jobs.allowed_values import Between, OneOf, SomeOf
from dcgan.jobs.configure import configure
from dcgan.jobs.public_limits import PUBLIC_SETTINGS, PublicLimits
from dcgan.models import make_networks
from dcgan.presets import PRESETS
from dcgan.store import ModelStore

# What `configure` does not take from a visitor's settings: the request names data and preset beside them.
BESIDE = {"data", "preset", "model"}
EVERY_SETTING = sorted({f.name for cls in (TrainConfig, ModelConfig) for f in dataclasses.fields(cls)} - BESIDE)


@pytest.fixture
def public(tmp_path):
    """Configures a public run of the preset "quick", 10 kimg long."""
    store = ModelStore(tmp_path / "checkpoints", tmp_path / "runs")

    def configure_quick(**overrides):
        return configure("doodles:200", "quick", {"kimg": 10, **overrides}, store, PublicLimits())

    return configure_quick


def value_of(config, name):
    return getattr(config, name) if hasattr(config, name) else getattr(config.model, name)


@pytest.mark.parametrize("name", EVERY_SETTING)
def test_every_setting_is_in_the_table_or_refused(public, name):
    """A setting of the table takes what its range allows and nothing beyond; any other is refused, even its default."""
    defaults = {**dataclasses.asdict(TrainConfig()), **dataclasses.asdict(ModelConfig())}
    allowed = PUBLIC_SETTINGS.get(name)
    if allowed is None:
        with pytest.raises(ConfigError, match=rf"'{name}' cannot be set\. You can set: kimg, init, batch"):
            public(**{name: defaults[name]})
        return
    good, bad = examples(allowed)
    for value in good:
        assert value_of(public(**{name: value}), name) == value
    for value in bad:
        with pytest.raises(ConfigError, match=name):
            public(**{name: value})


def examples(allowed):
    """Values that a setting takes, and values that it does not."""
    if isinstance(allowed, Between):
        low, high = allowed.low, allowed.high
        return (low, high), (low - 1, high * 2, high + 1, float("nan"), float("inf"), -float("inf"), "many", None)
    if isinstance(allowed, OneOf):
        return allowed.values, (128, "everything", None)
    if isinstance(allowed, SomeOf):
        return ("", allowed.names[0], ",".join(allowed.names)), ("color,color", "blur", ",".join(allowed.names * 99))
    return ("",), (7, "x" * 101)


def test_numbers_from_the_form_may_be_text(public):
    """The page sends what stands in its inputs."""
    assert public(batch="64", lr_g="1e-4", xflip="false").batch == 64
    with pytest.raises(ConfigError, match=r"^On this public page batch must be between 2 and 128, not 129\.$"):
        public(batch="129")


def test_presets_stay_within_the_table(tmp_path):
    """Every preset can be trained on a public page once its length is given in kimg; one without is refused."""
    store = ModelStore(tmp_path, tmp_path)
    for preset in PRESETS:
        assert configure("doodles", preset, {"kimg": 200}, store, PublicLimits()).preset == preset
    for preset in ("tutorial", "refine"):
        with pytest.raises(ConfigError, match="On this public page kimg must be between 1 and 200"):
            configure("doodles", preset, {}, store, PublicLimits())
    with pytest.raises(ConfigError, match="'epochs' cannot be set"):
        configure("doodles", "tutorial", {"kimg": 1, "epochs": 1}, store, PublicLimits())


def test_an_initial_model_has_the_same_limits(public, tmp_path):
    """A run takes the shape of its initial model, and is refused where that is larger than a visitor may choose."""
    for name, size in (("small", 32), ("large", 128)):
        G, D = make_networks(ModelConfig(image_size=size, nz=6, ngf=4, ndf=4), 0)
        save_generator(tmp_path / "checkpoints" / name / "generator.safetensors", G, {})
        save_discriminator(tmp_path / "checkpoints" / name / "discriminator.safetensors", D, {})
    assert public(init="small").model.nz == 6
    with pytest.raises(ConfigError, match="On this public page image_size must be one of 32, 64, not 128"):
        public(init="large")


def test_without_limits_every_setting_is_open(tmp_path):
    """On one's own machine everything that the configuration knows can be set."""
    store = ModelStore(tmp_path, tmp_path)
    config = configure("doodles", "quick", {"threads": 3, "kimg": 5000, "snapshot_every": 77}, store)
    assert (config.threads, config.kimg, config.snapshot_every) == (3, 5000, 77)
