"""A run's health over HTTP and as a named endpoint: who is told what."""

from __future__ import annotations

import shutil
from pathlib import Path

import gradio_client
import pytest
from asking import ask_json, refusal
from live_page import live_page

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def with_runs(folder, public=False):
    """A page whose folder of runs has recorded ones: "drifts" and "d_wins" with a best model, and "quick-2"."""
    for name in ("drifts", "d_wins", "quick-2"):
        shutil.copytree(FIXTURES / "health" / name, folder / "runs" / name)
    for name in ("drifts", "d_wins"):
        shutil.copytree(FIXTURES / "run_v1" / "best", folder / "runs" / name / "best")
    return live_page(folder, public=public)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with with_runs(tmp_path_factory.mktemp("page")) as live:
        yield live


def test_a_balanced_run_has_no_alarm(page):
    """The answer names the run, and says balanced."""
    assert ask_json(page, "train/health?run=quick-2") == {
        "run": "quick-2",
        "verdict": "balanced",
        "mine": True,
        "alarms": [],
    }


def test_an_alarm_brings_the_run_that_helps(page):
    """Each alarm has its sentences, its paragraph in Learn, and what /start takes for the next run."""
    health = ask_json(page, "train/health?run=drifts")
    (alarm,) = health["alarms"]
    assert health["verdict"] == "alarmed" and alarm["name"] == "kid_rises"
    assert alarm["seen"] and alarm["why"] and alarm["helps"] and alarm["learn"] == "learn-quality"
    assert alarm["start"]["data"] == "doodles:512" and alarm["start"]["preset"] == "quick"
    overrides = alarm["start"]["overrides"]
    assert (overrides["init"], overrides["lr_g"], overrides["lr_d"]) == ("best:drifts", 1.5e-5, 5e-7)
    starts = {alarm["action"]: alarm["start"] for alarm in ask_json(page, "train/health?run=d_wins")["alarms"]}
    assert starts["raise_augmentation"]["overrides"]["augment"] == "translation"
    assert starts["stop_keep_best"] is None


def test_the_endpoint_says_what_the_page_says(page):
    """/train_health is the route's answer; an unknown run is a sentence."""
    client = gradio_client.Client(page.url, verbose=False)
    assert client.predict("drifts", api_name="/train_health") == ask_json(page, "train/health?run=drifts")
    assert "no run 'gone'" in refusal(page, "train/health?run=gone")


def test_another_visitor_reads_the_alarms_without_the_next_run(tmp_path):
    """On a public page a visitor without the owner's token is told what goes wrong, and nothing of the data."""
    with with_runs(tmp_path, public=True) as public:
        health = ask_json(public, "train/health?run=drifts")
        assert not health["mine"] and [alarm["start"] for alarm in health["alarms"]] == [None]
        assert health["alarms"][0]["name"] == "kid_rises" and "doodles" not in str(health)
