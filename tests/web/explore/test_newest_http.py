"""The models of a run that trains, over HTTP: which is the newest, and what a name means while the run goes on."""

from __future__ import annotations

import pytest
from asking import ask_json
from filelock import FileLock
from live_page import live_page
from run_folders import save_snapshot, write_run

from dcgan.schema import encode_z


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with the run "a", whose trainer has ended, with models after 2000 and 4000 pictures."""
    folder = tmp_path_factory.mktemp("page")
    write_run(folder / "runs", "a")
    with live_page(folder) as live:
        yield live


def test_the_newest_model_of_a_run_opens_under_a_name_that_stays(page):
    """run:a opens as run:a@4000; the same moment and an older one open as they are, and say which is the newest."""
    opened = [ask_json(page, f"open?model={name}")["model"] for name in ("run:a", "run:a@4000", "run:a@2000", "first")]
    assert [(model["name"], model["newest_of"]) for model in opened] == [
        ("run:a@4000", "run:a"),
        ("run:a@4000", "run:a"),
        ("run:a@2000", ""),
        ("first", ""),
    ]
    assert [model["nimg"] for model in opened[:3]] == [4000, 4000, 2000]


def test_a_moment_that_is_gone_opens_as_the_newest_of_its_run(page):
    """A link to a model that the run has deleted opens the run all the same, with a sentence."""
    answer = ask_json(page, "open?model=run:a@3000&seed=5")
    assert answer["model"]["name"] == "run:a@4000" and answer["face"]["seed"] == "5"
    (problem,) = answer["problems"]
    assert "keeps no model after 3000 pictures" in problem and problem.endswith("Showing its newest instead.")
    assert ask_json(page, "open?model=run:gone@3000")["model"]["name"] == "first"


def test_what_there_is_of_a_run(page):
    """The newest model, whether the named one is kept, and whether a trainer is at work; nothing for other models."""
    run = page.services.jobs.runs / "a"
    assert ask_json(page, "newest?model=run:a@4000") == {"newest": 4000, "kept": True, "training": False}
    assert ask_json(page, "newest?model=run:a@3000") == {"newest": 4000, "kept": False, "training": False}
    with FileLock(run / "lock"):
        save_snapshot(run, 6000)
        assert ask_json(page, "newest?model=run:a@4000") == {"newest": 6000, "kept": True, "training": True}
        (run / "snapshots" / "000006000.safetensors").unlink()
    for name, kept in (("first", True), ("run:gone", False), ("run:..", False)):
        assert ask_json(page, f"newest?model={name}") == {"newest": None, "kept": kept, "training": False}


def test_names_and_taught_sliders_belong_to_a_run(page):
    """A direction that was taught on one moment of a run is there on another."""
    taught = {
        "vector": encode_z([1.0, *[0.0] * 5]),
        "name": "smile",
        "accuracy": 1,
        "has": 1,
        "has_not": 1,
        "locked": False,
        "weights": "",
    }
    ask_json(page, "directions/save", {"model": "run:a@2000", "taught": taught})
    for name in ("run:a@4000", "run:a"):
        (kept,) = ask_json(page, f"directions?model={name}&method=sefa")["saved"]["taught"]
        assert kept["name"] == "smile"
