"""Settings are checked before any work starts."""

from __future__ import annotations

import pytest

from dcgan.config import VERSION, ModelConfig, TrainConfig, from_dict, make_config, parse_overrides, to_dict
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


def version_1(**changes):
    """What config.json held in format version 1, which did not write its version."""
    stored = to_dict(make_config("recommended", "doodles", {"nz": 32}))
    del stored["version"]
    return {**stored, "judged": "", "judged_weight": 4.0, "judged_free": 0.25, **changes}


def test_the_present_version_is_written():
    """config.json says which format it has; the model's own settings, which stand in model files, do not."""
    assert to_dict(TrainConfig())["version"] == VERSION == 2
    assert "version" not in to_dict(ModelConfig())


def test_version_1_is_upgraded():
    """A run written before version 2 reads as the same run without the removed settings, also where it lacks them."""
    expected = make_config("recommended", "doodles", {"nz": 32})
    assert from_dict(version_1()) == expected
    older = version_1()
    del older["judged"], older["judged_weight"], older["judged_free"]
    assert from_dict(older) == expected


def test_a_run_with_the_removed_setting_judged_is_refused():
    """A version 1 run that used `judged` is refused; the sentence names the setting and how to use the model."""
    with pytest.raises(ConfigError, match=r"judged.*no longer.*--init run:ID"):
        from_dict(version_1(judged="pictures/judged", init="faces"))


@pytest.mark.parametrize("name", ["judged", "judged_weight", "judged_free"])
def test_version_2_has_no_removed_settings(name):
    """A removed setting in a file of the present version is unknown, like any other name."""
    with pytest.raises(ConfigError, match=f"no setting '{name}'"):
        from_dict({**to_dict(TrainConfig()), name: 0})


@pytest.mark.parametrize(
    ("version", "words"),
    [(3, "version 3.*up to 2.*Update"), (0, "from 1 to 2"), ("2", "from 1 to 2"), (None, "from 1 to 2")],
)
def test_other_versions_are_refused(version, words):
    """A version from the future, or one that is no whole number, is answered with what can be read."""
    with pytest.raises(ConfigError, match=words):
        from_dict({**to_dict(TrainConfig()), "version": version})


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
        ("judged", "folder"),
        ("version", 1),
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
