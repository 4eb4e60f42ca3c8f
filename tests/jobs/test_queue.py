"""The queue of runs: its order on disk, and that runs begin in turn, with real trainer processes of tiny networks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from PIL import Image
from run_folders import write_run
from waiting import wait_until

from dcgan.errors import ConfigError, DatasetError, RunError
from dcgan.jobs.owners import give_token
from dcgan.jobs.public_limits import PublicLimits
from dcgan.jobs.queue import RunQueue
from dcgan.jobs.run_folders import delete_oldest_visitors_runs
from dcgan.jobs.run_status import read_status
from dcgan.jobs.runs import is_alive, is_queued, list_runs
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.jobs.trash import move_to_trash, restore_from_trash
from dcgan.jobs.uploads import UploadLimits
from dcgan.training.control import give_order

ROOT = Path(__file__).resolve().parents[2]
TINY = {"image_size": 32, "nz": 8, "ngf": 4, "ndf": 4, "batch": 16, "threads": 1, "precision": "fp32", "eval_every": 0}
LONG, SHORT = {**TINY, "kimg": 1000}, {**TINY, "kimg": 0.064}


@pytest.fixture
def data(tmp_path):
    """An npy data set of 64 small pictures."""
    (tmp_path / "data").mkdir()
    np.save(tmp_path / "data" / "train.npy", np.random.default_rng(0).integers(0, 256, (64, 32, 32, 3), dtype=np.uint8))
    return f"npy:{tmp_path / 'data'}"


@pytest.fixture
def open_jobs(tmp_path):
    """open_jobs(**what TrainingJobs takes) → an app's jobs over the folder of runs; they are closed with the test."""
    opened = []

    def open_one(**options):
        opened.append(TrainingJobs(tmp_path / "runs", **{"owners": False, **options}))
        return opened[-1]

    yield open_one
    for jobs in opened:
        jobs.close()


@pytest.fixture
def busy(tmp_path):
    """A run "busy" that looks as if a trainer from a terminal worked on it."""
    run = write_run(tmp_path / "runs", "busy", state="running")
    with FileLock(run / "lock"):
        yield run


def begun(jobs):
    """The runs that were begun, in the order in which their trainers started."""
    statuses = [jobs.status(run) for run in list_runs(jobs.runs)]
    return [status["run"] for status in sorted(statuses, key=lambda status: status["started"]) if status["started"]]


def state(jobs, run):
    return jobs.status(run)["state"]


def waiting(runs, *names):
    """Runs that were put into a queue one after the other."""
    queue = RunQueue(runs)
    for name in names:
        queue.put(write_run(runs, name, state="stopped"), "")
    return queue


# On disk


def test_runs_wait_in_the_order_in_which_they_came(tmp_path):
    """A run joins at the end, or first; its state is "queued" until it is removed, and then what it was."""
    queue = waiting(tmp_path, "b", "a", "c")
    assert queue.ids() == ["b", "a", "c"] == RunQueue(tmp_path).ids(), "another app reads the same"
    assert queue.places() == {"b": 1, "a": 2, "c": 3} and queue.place("none") == 0
    assert queue.put(write_run(tmp_path, "paused", state="paused"), "", first=True) == 1
    assert queue.ids() == ["paused", "b", "a", "c"]
    status = read_status(tmp_path / "paused")
    assert status["state"] == "queued" and not status["can_resume"] and not status["message"]
    queue.remove(tmp_path / "paused")
    assert read_status(tmp_path / "paused")["state"] == "paused" and queue.ids() == ["b", "a", "c"]


def test_waiting_runs_change_places(tmp_path):
    """Neighbours swap, whatever their ranks are; the others stay where they are."""
    queue = waiting(tmp_path, "a", "b", "c", "d")
    assert (queue.neighbour("b", "up"), queue.neighbour("b", "down")) == ("a", "c")
    assert queue.neighbour("a", "up") is None is queue.neighbour("d", "down") and queue.neighbour("x", "up") is None
    queue.swap("b", "c")
    assert queue.ids() == ["a", "c", "b", "d"]
    for run in "abcd":
        (tmp_path / run / "queued").write_text(json.dumps({"rank": 7, "visitor": ""}))
    assert queue.ids() == ["a", "b", "c", "d"], "equal ranks are sorted by id"
    queue.swap("c", "d")
    assert queue.ids() == ["a", "b", "d", "c"]


def test_a_run_that_is_trained_deleted_or_oddly_named_does_not_wait(tmp_path):
    """A trainer that holds the run takes it out of the queue; so does the trash; a damaged file waits first."""
    queue = waiting(tmp_path, "a", "b", "c")
    (tmp_path / "two words").mkdir()
    (tmp_path / "two words" / "queued").write_text("{}")
    with FileLock(tmp_path / "a" / "lock"):
        assert queue.ids() == ["b", "c"] and not is_queued(tmp_path / "a")
    move_to_trash(tmp_path / "b")
    assert queue.ids() == ["a", "c"]
    restore_from_trash(tmp_path, "b")
    assert queue.ids() == ["a", "c"] and read_status(tmp_path / "b")["state"] == "stopped"
    (tmp_path / "c" / "queued").write_text("{")
    (tmp_path / "a" / "queued").write_text(json.dumps({"rank": 1, "visitor": ""}))
    assert queue.ids() == ["c", "a"]


def test_a_public_page_bounds_the_queue(tmp_path):
    """One run a visitor, and so many in all; visitors are told apart, and their addresses are not in the file."""
    limits = PublicLimits(waiting=2)
    queue = RunQueue(tmp_path, limits)
    queue.put(write_run(tmp_path, "a"), "10.0.0.1")
    with pytest.raises(RunError, match="Your run a waits in the queue already"):
        queue.check_room("10.0.0.1")
    queue.check_room("10.0.0.2")
    queue.put(write_run(tmp_path, "b"), "10.0.0.2")
    with pytest.raises(RunError, match="full: 2 runs wait"):
        queue.check_room("10.0.0.3")
    RunQueue(tmp_path).check_room("10.0.0.1")
    assert "10.0.0" not in (tmp_path / "a" / "queued").read_text()


def test_waiting_runs_are_not_deleted_to_make_room(tmp_path):
    """The oldest runs of a public page go, except those that wait."""
    queue = waiting(tmp_path, "old", "older")
    for age, name in enumerate(("new", "old", "older", "oldest")):
        run = tmp_path / name if (tmp_path / name).is_dir() else write_run(tmp_path, name)
        give_token(run)
        os.utime(run / "status.json", (1000 - age, 1000 - age))
    delete_oldest_visitors_runs(tmp_path, 1)
    assert set(list_runs(tmp_path)) == {"new", "old", "older"} and queue.ids() == ["old", "older"]


# Through an app's jobs, while another run is being trained


def test_a_start_while_another_run_trains_is_queued(open_jobs, busy, data):
    """The run has its place, its settings and its token; it is listed as queued, and can be resumed by nobody."""
    jobs = open_jobs(owners=True)
    first, second = jobs.start(data, "quick", LONG), jobs.start(data, "quick", SHORT)
    assert (first.place, second.place) == (1, 2) and jobs.queue.ids() == [first.run, second.run]
    status = jobs.status(second.run)
    assert (status["state"], status["nimg"], status["data"], status["preset"]) == ("queued", 0, data, "quick")
    assert not status["alive"] and not status["can_resume"]
    with pytest.raises(RunError, match="in the queue already"):
        jobs.resume(second.run, second.token)
    with pytest.raises(RunError, match="is queued; only a run that is being trained can be told to stop"):
        jobs.order(second.run, "stop", second.token)
    with pytest.raises(ConfigError):
        jobs.start(data, "quick", {"batch": 0})
    assert jobs.queue.ids() == [first.run, second.run]


def test_a_run_out_of_the_queue_keeps_its_settings_and_is_put_back_by_resume(open_jobs, busy, data):
    """It is stopped and says that it has not begun; Resume lets it wait again, at the end."""
    jobs = open_jobs()
    first, second = jobs.start(data, "quick", LONG), jobs.start(data, "quick", SHORT)
    jobs.leave_queue(first.run)
    status = jobs.status(first.run)
    assert (status["state"], status["message"], status["can_resume"]) == ("stopped", "It has not begun yet.", True)
    assert jobs.queue.ids() == [second.run]
    with pytest.raises(RunError, match="is not in the queue; it is stopped"):
        jobs.leave_queue(first.run)
    assert jobs.resume(first.run).place == 2 and jobs.queue.ids() == [second.run, first.run]
    jobs.delete(second.run, "")
    jobs.restore(second.run, "")
    assert jobs.queue.ids() == [first.run] and state(jobs, second.run) == "stopped"


def test_a_paused_run_goes_on_before_the_queue_and_a_stopped_one_after_it(open_jobs, busy, tmp_path, data):
    """That is the difference between pausing and stopping."""
    jobs = open_jobs()
    new = jobs.start(data, "quick", SHORT).run
    for name in ("paused", "stopped"):
        (write_run(jobs.runs, name, state=name) / "state.safetensors").touch()
    assert jobs.resume("stopped").place == 2
    assert jobs.resume("paused").place == 1
    assert jobs.queue.ids() == ["paused", new, "stopped"]


def test_only_the_owner_changes_the_queue_and_nobody_goes_before_another_visitor(open_jobs, busy, data):
    """Down is the owner's right; up takes the right to the run before, which the administrator has."""
    jobs = open_jobs(owners=True, admin="teacher")
    first, second = jobs.start(data, "quick", SHORT), jobs.start(data, "quick", SHORT)
    for wrong in ("", "guess", second.token):
        with pytest.raises(RunError, match="another visitor"):
            jobs.leave_queue(first.run, wrong)
        with pytest.raises(RunError, match="another visitor"):
            jobs.move_in_queue(first.run, "down", wrong)
    with pytest.raises(RunError, match=f"{first.run} belongs to another visitor"):
        jobs.move_in_queue(second.run, "up", second.token)
    assert jobs.moves(first.run, first.token) == ["down"] and jobs.moves(second.run, second.token) == []
    assert jobs.moves(second.run, "teacher") == ["up"] and jobs.moves(first.run, second.token) == []
    jobs.move_in_queue(first.run, "down", first.token)
    assert jobs.queue.ids() == [second.run, first.run]
    jobs.move_in_queue(first.run, "up", "teacher")
    assert jobs.queue.ids() == [first.run, second.run]
    with pytest.raises(RunError, match="is the first of the queue already"):
        jobs.move_in_queue(first.run, "up", first.token)
    jobs.leave_queue(first.run, first.token)
    assert jobs.queue.ids() == [second.run]


def test_a_public_page_queues_one_run_a_visitor(open_jobs, busy):
    """A second run of the same visitor is refused before a folder is made, also by resume; another visitor's is not."""
    jobs = open_jobs(limits=PublicLimits(), owners=True)
    small = {name: TINY[name] for name in ("image_size", "nz", "ngf", "ndf", "batch")} | {"kimg": 1}
    first = jobs.start("doodles:64", "quick", small, visitor="anna")
    before = sorted(jobs.runs.iterdir())
    with pytest.raises(RunError, match=f"Your run {first.run} waits"):
        jobs.start("doodles:64", "quick", small, visitor="anna")
    assert sorted(jobs.runs.iterdir()) == before
    assert jobs.start("doodles:64", "quick", small, visitor="ben").place == 2
    jobs.leave_queue(first.run, first.token)
    third = jobs.start("doodles:64", "quick", small, visitor="anna")
    with pytest.raises(RunError, match=f"Your run {third.run} waits"):
        jobs.resume(first.run, first.token, visitor="anna")


def test_the_upload_of_a_waiting_run_stays(open_jobs, busy, tmp_path):
    """A visitor's fourth upload deletes the oldest one, unless a run waits for it."""
    for number in range(2):
        Image.new("RGB", (40, 40), (100 * number, 0, 0)).save(tmp_path / f"{number}.png")
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for number in range(2):
            archive.write(tmp_path / f"{number}.png", f"{number}.png")
    jobs = open_jobs(limits=PublicLimits(uploads=UploadLimits(by_visitor=1)), owners=True)
    kept = jobs.keep_upload(tmp_path / "mine.zip", "mine.zip", "anna")
    small = {name: TINY[name] for name in ("image_size", "nz", "ngf", "ndf", "batch")} | {"kimg": 1}
    started = jobs.start(kept, "quick", small, visitor="anna")
    jobs.keep_upload(tmp_path / "mine.zip", "second.zip", "anna")
    assert jobs.data_spec(kept).startswith("zip:")
    jobs.leave_queue(started.run, started.token)
    jobs.keep_upload(tmp_path / "mine.zip", "third.zip", "anna")
    with pytest.raises(DatasetError, match="not kept here any more"):
        jobs.data_spec(kept)


# With real trainers


@pytest.mark.slow
def test_runs_begin_in_turn_and_one_that_cannot_begin_stops_nobody(open_jobs, data):
    """After the first run each waiting one is trained to its end; one whose model is gone has failed, and says why."""
    jobs = open_jobs()
    first = jobs.start(data, "tutorial", LONG)
    assert first.place == 0
    model = write_run(jobs.runs, "model")
    second, lost, last = (
        jobs.start(data, "quick", settings)
        for settings in (SHORT, {"init": "run:model", "kimg": 0.064, "threads": 1, "eval_every": 0}, SHORT)
    )
    assert [second.place, lost.place, last.place] == [1, 2, 3]
    move_to_trash(model)
    wait_until(lambda: jobs.status(first.run)["nimg"] > 50)
    assert state(jobs, second.run) == "queued", "nothing begins while a run trains"
    jobs.order(first.run, "stop", wait=30)
    wait_until(lambda: state(jobs, last.run) == "finished")
    assert begun(jobs) == [first.run, second.run, last.run]
    assert (state(jobs, first.run), state(jobs, second.run)) == ("stopped", "finished")
    failed = jobs.status(lost.run)
    assert failed["state"] == "failed" and "model" in failed["message"] and "Traceback" not in failed["message"]
    assert jobs.queue.ids() == []


@pytest.mark.slow
def test_a_paused_run_that_is_resumed_is_next_and_ends_as_it_would_have(open_jobs, data):
    """Paused for a waiting run, resumed before another one, the first run goes on where it was."""
    jobs = open_jobs()
    first = jobs.start(data, "tutorial", LONG).run
    second, third = (jobs.start(data, "tutorial", LONG).run for _ in range(2))
    wait_until(lambda: jobs.status(first)["nimg"] > 50)
    jobs.order(first, "pause", wait=30)
    paused = jobs.status(first)["nimg"]
    wait_until(lambda: state(jobs, second) == "running")
    assert jobs.resume(first).place == 1
    jobs.order(second, "stop", wait=30)
    wait_until(lambda: state(jobs, first) == "running")
    assert jobs.status(first)["nimg"] >= paused and state(jobs, third) == "queued"
    jobs.leave_queue(third)


@pytest.mark.slow
def test_the_queue_goes_on_when_a_run_from_a_terminal_has_ended(open_jobs, data):
    """A run that was started by hand holds the queue up until it ends, however it ends."""
    jobs = open_jobs()
    settings = [f"{name}={value}" for name, value in LONG.items()]
    command = [sys.executable, "-m", "dcgan", "train", "--preset", "tutorial", "--data", data]
    command += ["--run", str(jobs.runs / "by-hand"), "--set", *settings]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as trainer:
        wait_until(lambda: jobs.running() == "by-hand")
        run = jobs.start(data, "tutorial", SHORT).run
        wait_until(lambda: jobs.status("by-hand")["nimg"] > 50)
        assert state(jobs, run) == "queued"
        trainer.kill()
    wait_until(lambda: state(jobs, run) == "finished")
    assert state(jobs, "by-hand") == "crashed"


@pytest.mark.slow
def test_a_waiting_run_can_be_started_from_a_terminal(open_jobs, busy, data):
    """`resume` of a waiting run takes it out of the queue."""
    jobs = open_jobs()
    first, second = (jobs.start(data, "tutorial", SHORT).run for _ in range(2))
    done = subprocess.run([sys.executable, "-m", "dcgan", "resume", str(jobs.runs / second)], cwd=ROOT, check=False)
    assert done.returncode == 0 and state(jobs, second) == "finished"
    assert jobs.queue.ids() == [first]


@pytest.mark.slow
def test_the_queue_outlasts_the_app(open_jobs, data):
    """Closing the app stops the run that trains and starts no other; the next app goes on with the queue, in order."""
    jobs = open_jobs()
    first, second, third = (jobs.start(data, "tutorial", settings).run for settings in (LONG, SHORT, SHORT))
    wait_until(lambda: jobs.status(first)["nimg"] > 50)
    jobs.close()
    assert state(jobs, first) == "stopped" and jobs.running() is None
    assert [state(jobs, run) for run in (second, third)] == ["queued", "queued"] and begun(jobs) == [first]
    again = open_jobs()
    wait_until(lambda: state(again, third) == "finished")
    assert begun(again) == [first, second, third]
    assert state(again, second) == "finished" and state(again, first) == "stopped"


@pytest.mark.slow
def test_the_queue_outlasts_a_killed_app(open_jobs, tmp_path, data):
    """SIGKILL of the app: its trainer saves and stops, and the next app begins with the run that waited."""
    code = f"""
import time
from dcgan.jobs.training_jobs import TrainingJobs
jobs = TrainingJobs({str(tmp_path / "runs")!r}, owners=False)
print(*(jobs.start({data!r}, "tutorial", settings).run for settings in ({LONG!r}, {SHORT!r})), flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as app:
        first, second = app.stdout.readline().split()
        wait_until(lambda: read_status(tmp_path / "runs" / first)["nimg"] > 50)
        app.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_alive(tmp_path / "runs" / first), 60)
    assert read_status(tmp_path / "runs" / first)["state"] == "stopped"
    jobs = open_jobs()
    assert jobs.queue.ids() == [second] or state(jobs, second) != "queued"
    wait_until(lambda: state(jobs, second) == "finished")


@pytest.mark.slow
def test_two_apps_on_one_folder_start_each_run_once(open_jobs, data):
    """Both see the same queue; neither starts a run that the other has started, and none is lost or failed."""
    one, other = open_jobs(), open_jobs()
    first = one.start(data, "tutorial", LONG).run
    runs = [jobs.start(data, "tutorial", SHORT).run for jobs in (one, other, one)]
    assert one.queue.ids() == other.queue.ids() == runs
    give_order(one.runs / first, "stop")
    wait_until(lambda: all(state(one, run) == "finished" for run in runs))
    assert begun(one) == [first, *runs]


@pytest.mark.slow
def test_the_thread_of_the_queue_ends_with_it(open_jobs, busy, data):
    """While a run waits one thread looks once a second; it ends when none waits, and begins anew with the next."""
    jobs = open_jobs()
    assert jobs._advancer is None
    for _ in range(2):
        run = jobs.start(data, "tutorial", SHORT).run
        thread = jobs._advancer
        assert thread.is_alive()
        jobs.leave_queue(run)
        begin = time.monotonic()
        thread.join(10)
        assert not thread.is_alive() and time.monotonic() - begin < 5
