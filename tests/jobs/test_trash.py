"""Deleting runs, bringing them back, and deleting them for good."""

from __future__ import annotations

import os
import time

import pytest
from filelock import FileLock
from run_folders import write_run

from dcgan.errors import RunError
from dcgan.jobs.owners import give_token
from dcgan.jobs.run_folders import delete_oldest_visitors_runs
from dcgan.jobs.runs import list_runs
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.jobs.trash import KEPT, TRASH, empty_trash, list_trash, move_to_trash, restore_from_trash
from dcgan.store import ModelStore


def contents(run):
    return {path.relative_to(run): path.read_bytes() for path in run.rglob("*") if path.is_file()}


def test_a_deleted_run_is_restored_with_every_file(tmp_path):
    """A deleted run is neither listed nor a model; restored, it is what it was."""
    run = write_run(tmp_path, "a")
    before = contents(run)
    move_to_trash(run)
    assert list_runs(tmp_path) == [] == ModelStore(tmp_path / "none", tmp_path).names()
    assert list_trash(tmp_path) == ["a"]
    assert restore_from_trash(tmp_path, "a") == run
    assert contents(run) == before and list_runs(tmp_path) == ["a"] and list_trash(tmp_path) == []


def test_a_run_that_is_being_trained_is_not_deleted(tmp_path):
    """Deleting it is refused, and nothing is moved."""
    run = write_run(tmp_path, "a", state="running")
    with FileLock(run / "lock"), pytest.raises(RunError, match="stop it"):
        move_to_trash(run)
    assert list_runs(tmp_path) == ["a"] and list_trash(tmp_path) == []


@pytest.mark.parametrize("name", ["a", "..", "../a", "", "a/b", "."])
def test_only_what_was_deleted_is_restored(tmp_path, name):
    """Anything but the id of a deleted run is one sentence."""
    write_run(tmp_path, "a")
    with pytest.raises(RunError, match="no deleted run"):
        restore_from_trash(tmp_path, name)


def test_a_restored_run_replaces_no_other(tmp_path):
    """Where another run has taken the id meanwhile, both stay where they are."""
    move_to_trash(write_run(tmp_path, "a"))
    write_run(tmp_path, "a", state="stopped")
    with pytest.raises(RunError, match="another run a"):
        restore_from_trash(tmp_path, "a")
    assert list_runs(tmp_path) == list_trash(tmp_path) == ["a"]


def test_the_trash_is_emptied_of_runs_deleted_more_than_a_day_ago(tmp_path):
    """A run deleted just now stays, however old the run is; the program's start empties what is due."""
    for name in ("old", "new"):
        run = write_run(tmp_path, name)
        os.utime(run, (1, 1))
        move_to_trash(run)
    assert list_trash(tmp_path) == ["new", "old"]
    past = time.time() - KEPT - 1
    os.utime(tmp_path / TRASH / "old", (past, past))
    empty_trash(tmp_path, older_than=KEPT + 3600)
    assert list_trash(tmp_path) == ["new", "old"]
    TrainingJobs(tmp_path)
    assert list_trash(tmp_path) == ["new"] and not (tmp_path / TRASH / "old").exists()


def test_only_the_owner_and_the_administrator_change_a_run(tmp_path):
    """Another's token neither renames, deletes nor restores a run; without owners everybody may."""
    run = write_run(tmp_path, "a")
    jobs, token = TrainingJobs(tmp_path, admin="teacher"), give_token(run)
    for wrong in ("", "guess"):
        with pytest.raises(RunError, match="another visitor"):
            jobs.rename("a", wrong, "mine")
        with pytest.raises(RunError, match="another visitor"):
            jobs.delete("a", wrong)
    for right in (token, "teacher"):
        jobs.rename("a", right, right)
        assert (run / "name").read_text() == right
        jobs.delete("a", right)
        with pytest.raises(RunError, match="another visitor"):
            jobs.restore("a", "guess")
        assert list_trash(tmp_path) == ["a"]
        jobs.restore("a", right)
        assert list_runs(tmp_path) == ["a"]
    mine = TrainingJobs(tmp_path, owners=False)
    mine.delete("a", "")
    mine.restore("a", "")


@pytest.mark.parametrize("change", ["delete", "rename"])
def test_no_run_is_changed_without_naming_it(tmp_path, change):
    """An empty id means the newest run elsewhere; here it is refused."""
    write_run(tmp_path, "a")
    jobs = TrainingJobs(tmp_path, owners=False)
    with pytest.raises(RunError, match="which run"):
        jobs.delete("", "") if change == "delete" else jobs.rename("", "", "x")


def test_on_a_public_page_deleted_runs_count_among_those_that_are_kept(tmp_path):
    """Starting and deleting runs does not fill the disk: the deleted ones go first, then the oldest."""
        for number, name in enumerate(("first", "second", "third")):
        run = write_run(tmp_path, name)
        give_token(run)
        os.utime(run / "status.json", (1000 + number, 1000 + number))
    write_run(tmp_path, "from-a-shell")
    move_to_trash(tmp_path / "third")
    delete_oldest_visitors_runs(tmp_path, 2)
    assert list_trash(tmp_path) == [] and set(list_runs(tmp_path)) == {"first", "second", "from-a-shell"}
    delete_oldest_visitors_runs(tmp_path, 1)
    assert set(list_runs(tmp_path)) == {"second", "from-a-shell"}
