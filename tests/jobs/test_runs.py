"""Tests for `dcgan/jobs/runs.py` and `run_status.py`: reading runs from their folders, however their trainers ended."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest
from filelock import FileLock

from dcgan.config import TrainConfig
from dcgan.errors import RunError
from dcgan.jobs.run_status import can_begin, read_status
from dcgan.jobs.runs import TAIL, find_run, is_alive, is_locked, list_runs, positions, read_metrics
from dcgan.training.runlog import write_config


def make_run(folder, name, **status):
    run = folder / name
    (run / "samples").mkdir(parents=True)
    (run / "status.json").write_text(json.dumps({"state": "stopped", "nimg": 5, "run": name, **status}))
    return run


def test_runs_are_listed_newest_first_and_odd_folders_are_not(tmp_path):
    """Runs are listed by their last write; folders without a status, hidden and badly named ones are not."""
    import os

    for age, name in enumerate(["b", "a", "c"]):
        run = make_run(tmp_path, name)
        os.utime(run / "status.json", (1000 - age, 1000 - age))
    make_run(tmp_path, ".hidden")
    make_run(tmp_path, "two words")
    (tmp_path / "empty").mkdir()
    assert list_runs(tmp_path) == ["b", "a", "c"]
    assert find_run(tmp_path).name == "b"


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "nothing", "a\0b", ".hidden", "x" * 200])
def test_no_run_id_leads_out_of_the_folder_of_runs(tmp_path, name):
    """A run id that is not the name of a run is refused."""
    make_run(tmp_path / "runs", "a")
    make_run(tmp_path, "x")
    with pytest.raises(RunError, match=r"^There is no run"):
        find_run(tmp_path / "runs", name)


def test_an_empty_folder_says_to_start_a_run(tmp_path):
    """Without any run, asking for the newest is a sentence, whether the folder exists or not."""
    with pytest.raises(RunError, match="start one"):
        find_run(tmp_path / "never")


def test_running_without_a_holder_of_the_lock_is_crashed(tmp_path):
    """A status "running" with a free lock means crashed, with what can be done; with a held lock, running."""
    run = make_run(tmp_path, "a", state="running", eta=30)
    (run / "lock").touch()
    status = read_status(run)
    assert status["state"] == "crashed" and not status["alive"] and not status["can_resume"] and status["eta"] is None
    assert "start it again" in status["message"]
    (run / "state.safetensors").touch()
    status = read_status(run)
    assert status["can_resume"] and "Resume" in status["message"]
    with FileLock(run / "lock"):
        status = read_status(run)
        assert status["state"] == "running" and status["alive"] and not status["can_resume"]


@pytest.mark.parametrize(
    ("status", "begins"),
    [
        (None, True),
        ({"state": "starting", "nimg": 0}, True),
        ({"state": "running", "nimg": 999}, True),
        ({"state": "running", "nimg": 1000}, False),
        ({"state": "stopped", "nimg": 0}, True),
        ({"state": "stopped", "nimg": 5}, False),
        ({"state": "finished", "nimg": 500}, False),
    ],
)
def test_a_run_without_state_begins_again_unless_it_has_lost_one(tmp_path, status, begins):
    """A trainer saves at every state_every and at its end: one that got so far had a state, and its models stay."""
    run = tmp_path / "a"
    run.mkdir()
    assert not can_begin(run), "no config.json"
    write_config(run, TrainConfig(state_every=1000))
    if status is not None:
        (run / "status.json").write_text(json.dumps(status))
        assert read_status(run)["can_resume"] == begins
    assert can_begin(run) == begins
    (run / "state.safetensors").touch()
    assert not can_begin(run)


@pytest.mark.parametrize("state", ["running", "stopping", "failed"])
def test_a_run_killed_while_it_saved_its_first_state_begins_again(tmp_path, state):
    """What counts is whether a state was ever saved, not how many pictures the run had seen when it was killed."""
    run = make_run(tmp_path, "a", state=state, nimg=1000, state_saved=False)
    write_config(run, TrainConfig(state_every=1000))
    assert can_begin(run)
    make_run(tmp_path / "lost", "a", state=state, nimg=1000, state_saved=True)
    write_config(tmp_path / "lost" / "a", TrainConfig(state_every=10_000))
    assert not can_begin(tmp_path / "lost" / "a")


def test_a_damaged_status_stops_no_beginning(tmp_path):
    """A run whose status.json cannot be read begins again, unless that would overwrite a model."""
    run = make_run(tmp_path, "a")
    write_config(run, TrainConfig())
    (run / "status.json").write_bytes(b"")
    assert can_begin(run)
    (run / "snapshots").mkdir()
    (run / "snapshots" / "000000064.safetensors").touch()
    assert not can_begin(run)


def test_a_run_that_failed_before_its_first_state_is_not_resumed(tmp_path):
    """The page offers no Resume that would fail again; the command line may still try."""
    run = make_run(tmp_path, "a", state="failed", nimg=0)
    write_config(run, TrainConfig())
    assert can_begin(run) and not read_status(run)["can_resume"]


def test_a_lock_is_free_once_its_holder_is_killed(tmp_path):
    """The system releases the lock of a killed process."""
    code = "import sys, filelock as f; lock = f.FileLock(sys.argv[1]); lock.acquire(); print(1, flush=True); input()"
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline().strip() == b"1"
        assert is_alive(tmp_path)
        holder.kill()
        holder.wait()
        assert not is_alive(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shared file locks")
def test_checking_a_lock_does_not_look_like_a_trainer(tmp_path):
    """Many pages ask at once whether a dead run is alive; none takes another page's check for a trainer."""
    lock = tmp_path / "lock"
    lock.touch()
    answers = []
    threads = [threading.Thread(target=lambda: answers.extend(is_locked(lock) for _ in range(300))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2400 and not any(answers)


def test_status_names_the_grids_and_the_newest_model(tmp_path):
    """Grids are listed by pictures seen, in order; files of other names are passed over."""
    run = make_run(tmp_path, "a")
    (run / "snapshots").mkdir()
    for name in ("samples/000002000.jpg", "samples/000000000.jpg", "samples/9x.jpg", "snapshots/000002000.safetensors"):
        (run / name).touch()
    status = read_status(run)
    assert status["samples"] == [0, 2000] and status["snapshot"] == 2000


def test_an_unreadable_status_is_a_sentence(tmp_path):
    """Half a status.json is an error a person can read, not a traceback."""
    run = make_run(tmp_path, "a")
    for text in ('{"state": "runn', "[]", "3"):
        (run / "status.json").write_text(text)
        with pytest.raises(RunError, match=r"no readable status\.json"):
            read_status(run)


def test_metrics_come_in_increments_whatever_the_length(tmp_path):
    """read_metrics(after) equals filtering everything, for short and long files; a half-written line waits."""
    run = make_run(tmp_path, "a")
    assert read_metrics(run) == []
    lines = [{"nimg": 10 * i, "seconds": i, "G_loss": 0.5, "D_loss": 1 / 3} for i in range(4000)]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    assert len(text) > 3 * TAIL
    (run / "metrics.jsonl").write_text(text + '{"nimg": 99999, "G_lo')
    assert read_metrics(run) == lines
    for after in (0, 5, 10, 20_000, 39_000, 39_989, 39_990, 1e9):
        assert read_metrics(run, after) == [line for line in lines if line["nimg"] > after]


def test_positions_are_those_of_whole_files_that_are_named_by_a_number(tmp_path):
    """Half-written files, companions of snapshots and other files have no position; a missing folder has none."""
    run = make_run(tmp_path, "a")
    for name in ("000002000.jpg", "000000000.jpg", "discriminator-000003000.jpg", "000004000.x7.jpg", "000005000.png"):
        (run / "samples" / name).touch()
    assert positions(run, "samples/[0-9]*.jpg") == [0, 2000]
    assert positions(run, "snapshots/[0-9]*.safetensors") == []
