"""Tests for `dcgan/jobs/run_folders.py`: the names of new runs, and which runs of visitors are deleted."""

from __future__ import annotations

import os

import pytest
from run_folders import write_run

from dcgan.errors import RunError
from dcgan.jobs.owners import give_token
from dcgan.jobs.run_folders import delete_oldest_visitors_runs, make_run_folder
from dcgan.jobs.runs import list_runs
from dcgan.jobs.trash import list_trash, move_to_trash


@pytest.mark.parametrize(
    ("spec", "label"),
    [
        ("doodles", "doodles"),
        ("doodles:64", "doodles"),
        ("doodles?hat=crown,cap", "doodles"),
        ("npy:/my/faces?split=train", "faces"),
        ("folder:/", "run"),
    ],
)
def test_a_run_is_named_after_its_data(tmp_path, spec, label):
    """A run's name ends with the kind of a built-in data set, or with the name of the folder, without options."""
    assert make_run_folder(tmp_path, spec).name.split("-", 2)[2] == label


def test_two_runs_of_the_same_second_get_two_folders(tmp_path, monkeypatch):
    """The second folder of one second has a number, and both are there."""
    monkeypatch.setattr("dcgan.jobs.run_folders.time.strftime", lambda form: "20260101-120000")
    made = [make_run_folder(tmp_path, "doodles") for _ in range(2)]
    assert [run.name for run in made] == ["20260101-120000-doodles", "20260101-120000-doodles-2"]
    assert all(run.is_dir() for run in made)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    """Where runs cannot be kept, the sentence names the folder and the variable that chooses another."""
    (tmp_path / "runs").touch()  # a file, where a folder is needed
    with pytest.raises(RunError, match=r"runs .*DCGAN_RUNS"):
        make_run_folder(tmp_path / "runs", "doodles")


def visitors_run(runs, name, second):
    """A run that a visitor started, last written at that second."""
    run = write_run(runs, name)
    give_token(run)
    os.utime(run / "status.json", (second, second))


def test_the_oldest_runs_of_visitors_are_deleted_those_in_the_trash_first(tmp_path):
    """The newest `most` runs with an owner remain; deleted runs go before all others, however new they are."""
    for second, name in enumerate(("first", "second", "third")):
        visitors_run(tmp_path, name, 1000 + second)
    move_to_trash(tmp_path / "third")
    delete_oldest_visitors_runs(tmp_path, 3)
    assert list_trash(tmp_path) == ["third"] and set(list_runs(tmp_path)) == {"first", "second"}
    delete_oldest_visitors_runs(tmp_path, 2)
    assert list_trash(tmp_path) == [] and set(list_runs(tmp_path)) == {"first", "second"}
    delete_oldest_visitors_runs(tmp_path, 1)
    assert list_runs(tmp_path) == ["second"]


def test_runs_without_an_owner_are_never_deleted(tmp_path):
    """A run that was started from a shell neither counts nor is deleted, also when it lies in the trash."""
    visitors_run(tmp_path, "of-a-visitor", 2000)
    for name in ("from-a-shell", "deleted"):
        os.utime(write_run(tmp_path, name) / "status.json", (1000, 1000))
    move_to_trash(tmp_path / "deleted")
    delete_oldest_visitors_runs(tmp_path, 1)
    assert set(list_runs(tmp_path)) == {"of-a-visitor", "from-a-shell"} and list_trash(tmp_path) == ["deleted"]
    delete_oldest_visitors_runs(tmp_path, 0)
    assert list_runs(tmp_path) == ["from-a-shell"] and list_trash(tmp_path) == ["deleted"]
