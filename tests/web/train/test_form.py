"""What the Train tab's form offers."""

from __future__ import annotations

import pytest

from dcgan.jobs.limits import PUBLIC_SETTINGS
from dcgan.web.services import make_services
from dcgan.web.settings import Settings
from dcgan.web.train.form import FIELDS, form


@pytest.fixture
def make_form(tmp_path):
    def make(public):
        return form(make_services(Settings(checkpoints=tmp_path / "c", runs=tmp_path / "r", public=public)))

    return make


def test_the_form_offers_what_visitors_may_set():
    """The fields, the length and the first model are the settings of a public page: none more, none less."""
    assert {field.name for field in FIELDS} | {"kimg", "init"} == PUBLIC_SETTINGS.keys()


def test_choices_are_those_that_would_be_accepted(make_form):
    """A list offers no value that a public page refuses; on one's own machine it offers all."""
    kinds = [{field["name"]: field["kind"] for field in make_form(public)["fields"]} for public in (False, True)]
    assert [kind["image_size"] for kind in kinds] == ["32,64,128", "32,64"]
    for kind in kinds:
        assert kind["loss"] == "bce,hinge,relativistic" and kind["nc"] == "3,1"
        assert (kind["batch"], kind["xflip"], kind["augment"]) == ("number", "check", "text")


def test_fields_are_explained(make_form):
    """Each field has a label, and a hint that begins with it; every preset fills in every field."""
    made = make_form(False)
    for field in made["fields"]:
        assert field["hint"].startswith(field["label"]) and field["label"] != field["name"]
        assert all(values[field["name"]] is not None for values in made["presets"].values())
