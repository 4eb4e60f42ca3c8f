"""The experiments of the Learn tab are small, allowed on a public page, and each has its place on the tab."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dcgan.jobs.configure import configure
from dcgan.jobs.public_limits import PublicLimits
from dcgan.schema import parse_train
from dcgan.store import ModelStore
from dcgan.web.learn.experiments import EXPERIMENTS, Experiment

LEARN = Path(__file__).resolve().parents[3] / "dcgan" / "web" / "learn" / "learn.html"


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda one: one.name)
def test_an_experiment_can_be_started_by_a_visitor_of_a_public_page(experiment: Experiment, tmp_path: Path):
    """Its data set and each of its settings are within the limits for strangers, and it takes at most two minutes."""
    limits, store = PublicLimits(), ModelStore(tmp_path, tmp_path)
    wanted = parse_train(
        {"data": experiment.data, "preset": experiment.preset, "overrides": dict(experiment.overrides)}
    )
    limits.check_data(wanted.data)
    config = configure(wanted.data, wanted.preset, wanted.overrides, store, limits)
    assert config.model.image_size == 32
    assert 20 <= experiment.seconds <= 120


def test_each_experiment_has_one_place_on_the_tab():
    """The tab has a place for each experiment, and no place without one."""
    places = re.findall(r'data-experiment="(\w+)"', LEARN.read_text("utf-8"))
    assert sorted(places) == sorted(one.name for one in EXPERIMENTS)
