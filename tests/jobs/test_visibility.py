"""Tests for `dcgan/jobs/visibility.py`: what other visitors see of a run."""

from __future__ import annotations

import pytest
from run_folders import write_run

from dcgan.config import make_config
from dcgan.jobs.owners import give_token
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.jobs.visibility import HIDDEN_DATA, HIDDEN_FAILURE, SHOWN_TO_ALL, data_name, visibility
from dcgan.training.runlog import CONFIG_FILE, write_config

PRIVATE = "folder:/home/ada/holiday?split=all"


def make_run(runs, data):
    """A run on a data set, and its owner's token."""
    run = write_run(runs, "one")
    write_config(run, make_config("quick", data))
    return run, give_token(run)


def test_others_see_nothing_of_private_pictures(tmp_path):
    """Name, data, failure and most settings of a run on private pictures are its owner's alone."""
    jobs = TrainingJobs(tmp_path)
    run, token = make_run(tmp_path, PRIVATE)
    other, owner = visibility(jobs, run, "guess"), visibility(jobs, run, token)
    assert (other.mine, other.hides_data) == (False, True) and (owner.mine, owner.hides_data) == (True, False)
    assert (other.name("Ada"), owner.name("Ada")) == ("", "Ada")
    assert (other.data(PRIVATE), owner.data(PRIVATE)) == (HIDDEN_DATA, "holiday")
    assert (
        other.message("failed", "There is no /home/ada") == HIDDEN_FAILURE and other.message("running", "/home") == ""
    )
    assert owner.message("failed", "There is no picture") == "There is no picture"
    assert other.settings(["preset", "seed", "lr_g"]) == ["preset"] and owner.settings(["seed"]) == ["seed"]
    assert set(other.settings(SHOWN_TO_ALL)) == set(SHOWN_TO_ALL)


def test_public_pictures_are_shown_to_all(tmp_path):
    """Doodles are drawn here, so everybody sees them and their name; the run's own name stays the owner's."""
    jobs = TrainingJobs(tmp_path)
    run, _ = make_run(tmp_path, "doodles:64")
    other = visibility(jobs, run, "")
    assert not other.mine and not other.hides_data
    assert other.data("doodles:64") == "doodles:64" and other.name("Ada") == ""


def test_a_run_that_cannot_be_read_hides_its_data(tmp_path):
    """Where the settings are damaged, nothing is known of the pictures: others see none."""
    jobs = TrainingJobs(tmp_path)
    run, token = make_run(tmp_path, "doodles")
    (run / CONFIG_FILE).write_text("{")
    assert visibility(jobs, run, "").hides_data and not visibility(jobs, run, token).hides_data


def test_on_ones_own_machine_nothing_is_hidden(tmp_path):
    """Without owners everybody who reaches the page may see and change every run."""
    jobs = TrainingJobs(tmp_path, owners=False)
    run, _ = make_run(tmp_path, PRIVATE)
    assert visibility(jobs, run, "").mine and visibility(jobs, run, "").data(PRIVATE) == "holiday"


@pytest.mark.parametrize(
    ("spec", "name"),
    [("doodles:64?hat=cap", "doodles:64?hat=cap"), ("npy:/my/faces?split=train", "faces"), ("zip:/a/b.zip", "b.zip")],
)
def test_a_data_sets_name_has_no_folder(spec, name):
    """Public data keep their whole spec, a file or folder only its own name."""
    assert data_name(spec) == name
