"""Settings are checked before any work starts."""

from __future__ import annotations

import pytest

from dcgan.config import ModelConfig, TrainConfig, from_dict, make_config, parse_overrides, to_dict
from dcgan.errors import ConfigError
from dcgan.presets import PRESETS


def test_tutorial_preset_is_the_tutorials_recipe():
    """The preset "tutorial" holds the published numbers, to the letter."""
    c = make_config("tutorial", "doodles")
    assert (c.epochs, c.batch, c.loss, c.lr_g, c.lr_d, c.beta1, c.beta2) == (5, 128, "bce", 2e-4, 2e-4, 0.5, 0.999)
    assert (c.seed, c.augment, c.xflip, c.ema_kimg, c.r1_gamma, c.drop_last) == (2021, "", False, 0, 0, False)
    assert c.model == ModelConfig(image_size=64, nc=3, nz=100, ngf=64, ndf=64, d_norm="batch")
    assert c.line_every == 50 * c.batch and c.sample_every == 500 * c.batch


@pytest.mark.parametrize("preset", PRESETS)
def test_round_trip(preset):
    """A configuration written as plain data reads back as itself."""
    config = make_config(preset, "npy:somewhere", {"nz": 32, "seed": 2**62 + 1})
    assert from_dict(to_dict(config)) == config


def test_overrides_are_converted_and_routed():
    """Text from the command line becomes numbers, and finds the model's or the run's field by itself."""
    config = make_config("recommended", "doodles", parse_overrides(["batch=16", "lr_g=1e-4", "ngf=8", "xflip=no"]))
    assert (config.batch, config.lr_g, config.model.ngf, config.xflip) == (16, 1e-4, 8, False)
    assert config.model.d_norm == "none"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("batch", 1),
        ("batch", "many"),
        ("batch", 2.5),
        ("batch", None),
        ("lr_g", 0),
        ("lr_g", float("nan")),
        ("lr_d", "inf"),
        ("beta1", 1),
        ("nz", 0),
        ("image_size", 48),
        ("nc", 2),
        ("loss", "l2"),
        ("loss", 3),
        ("augment", "color,swirl"),
        ("negatives", -1),
        ("judged_weight", 0),
        ("judged_free", 1.5),
        ("xflip", "maybe"),
        ("seed", -1),
        ("epochs", 0),
        ("kimg", -1),
        ("precision", "fp8"),
        ("d_norm", "layer"),
        ("colour", 1),
    ],
)
def test_bad_settings_are_named(name, value):
    """A bad setting raises a sentence that names it."""
    with pytest.raises(ConfigError, match=name):
        make_config("tutorial", "doodles", {name: value})


def test_unknown_preset_lists_the_known():
    """A wrong preset's name is answered with the right ones."""
    with pytest.raises(ConfigError, match="tutorial, quick, recommended, refine"):
        make_config("best", "doodles")


@pytest.mark.parametrize("pair", ["batch", "=3", ""])
def test_override_without_value(pair):
    """A setting that is not name=value is refused."""
    with pytest.raises(ConfigError, match="name=value"):
        parse_overrides([pair])


def test_lengths():
    """Epochs count the last, smaller batch unless drop_last; kimg, when given, says the length directly."""
    assert TrainConfig(epochs=5, batch=128).total_pictures(12_158) == 5 * 12_158
    assert TrainConfig(epochs=2, batch=128, drop_last=True).total_pictures(300) == 2 * 256
    assert TrainConfig(kimg=1.5).total_pictures(12_158) == 1500
    with pytest.raises(ConfigError, match="epochs"):
        TrainConfig(epochs=0)
