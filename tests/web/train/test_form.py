"""What the Train tab's form offers."""

from __future__ import annotations

import json

import pytest

from dcgan.config import make_config
from dcgan.jobs.public_limits import PUBLIC_SETTINGS
from dcgan.training.runlog import write_config
from dcgan.web.services import make_services
from dcgan.web.settings import Settings
from dcgan.web.train.form import FIELDS, form


@pytest.fixture
def make_form(tmp_path):
    def make(public):
        return form(make_services(Settings(checkpoints=tmp_path / "c", runs=tmp_path / "r", public=public)))

    return make


def test_the_form_offers_what_visitors_may_set():
    """The fields, the length and the initial model are the settings of a public page: none more, none less."""
    assert {field.name for field in FIELDS} | {"kimg", "init"} == PUBLIC_SETTINGS.keys()


def test_choices_are_those_that_would_be_accepted(make_form):
    """A list offers no value that a public page refuses; on one's own machine it offers all."""
    forms = [make_form(public)["fields"] for public in (False, True)]
    choices = [{field["name"]: field["choices"] for field in fields} for fields in forms]
    assert [offered["image_size"] for offered in choices] == [[32, 64, 128], [32, 64]]
    assert all(offered["loss"] == ["bce", "hinge", "relativistic"] and offered["nc"] == [3, 1] for offered in choices)
    for kind in ({field["name"]: field["kind"] for field in fields} for fields in forms):
        assert kind["loss"] == kind["nc"] == kind["image_size"] == "list"
        assert (kind["batch"], kind["xflip"], kind["augment"]) == ("number", "check", "text")


def test_fields_are_explained(make_form):
    """Each field has a label, and a hint that begins with it; every preset fills in every field."""
    made = make_form(False)
    for field in made["fields"]:
        assert field["hint"].startswith(field["label"]) and field["label"] != field["name"]
        assert all(values[field["name"]] is not None for values in made["presets"].values())


@pytest.fixture
def add_run(tmp_path):
    """add_run(name, preset, speeds, **settings) → a run's folder with one line of metrics for each speed."""

    def add(name, preset, speeds, **settings):
        run = tmp_path / "r" / name
        run.mkdir(parents=True)
        write_config(run, make_config(preset, "doodles", settings))
        (run / "status.json").write_text(json.dumps({"state": "stopped", "preset": preset, "speed": speeds[-1]}))
        lines = [json.dumps({"nimg": 320 * (i + 1), "speed": speed}) for i, speed in enumerate(speeds)]
        (run / "metrics.jsonl").write_text("\n".join(lines) + "\n")

    return add


def test_the_estimate_is_not_changed_by_a_busy_moment(make_form, add_run):
    """The speed of a preset is the median over its newest runs, even if the last one ended at a tenth of it."""
    add_run("20260101-a", "quick", [150.0] * 30)
    add_run("20260102-b", "quick", [160.0] * 20 + [15.0] * 3)
    assert make_form(False)["speeds"] == {"quick": 150.0}


def test_the_estimate_is_from_runs_like_the_preset(make_form, add_run):
    """A run with smaller networks or another batch says nothing about the preset; one of another length does."""
    add_run("a", "quick", [5000.0] * 9, ngf=4, ndf=4)
    add_run("b", "tutorial", [900.0] * 9, batch=16)
    assert make_form(False)["speeds"] == {}
    add_run("c", "tutorial", [70.0] * 9, kimg=12, lr_g=1e-4)
    assert make_form(False)["speeds"] == {"tutorial": 70.0}


def test_runs_that_cannot_be_read_give_no_estimate(make_form, add_run, tmp_path):
    """A damaged configuration, and a run without metrics, are passed over."""
    add_run("a", "quick", [150.0])
    (tmp_path / "r" / "a" / "config.json").write_text("{")
    add_run("b", "tutorial", [70.0])
    (tmp_path / "r" / "b" / "metrics.jsonl").unlink()
    assert make_form(False)["speeds"] == {}
