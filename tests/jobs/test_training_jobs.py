"""Tests for `dcgan/jobs/training_jobs.py`, with real trainer processes of tiny networks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from run_folders import write_run
from waiting import wait_until

from dcgan.errors import DatasetError, DCGANError, RunError
from dcgan.jobs.owners import OWNER_FILE, give_token
from dcgan.jobs.public_limits import PublicLimits
from dcgan.jobs.runs import is_alive, is_locked, list_runs, read_metrics
from dcgan.jobs.training_jobs import TRAINER_LOCK, TrainingJobs
from dcgan.training.runlog import read_config

ROOT = Path(__file__).resolve().parents[2]
# Without evaluations a trainer starts sooner: it computes no features of the pictures.
TINY = {"image_size": 32, "nz": 8, "ngf": 4, "ndf": 4, "batch": 16, "threads": 1, "precision": "fp32", "eval_every": 0}
OFTEN = {"log_every": 32, "sample_every": 128, "snapshot_every": 128, "state_every": 128}


@pytest.fixture
def data(tmp_path):
    """An npy data set of 64 small pictures."""
    (tmp_path / "data").mkdir()
    np.save(tmp_path / "data" / "train.npy", np.random.default_rng(0).integers(0, 256, (64, 32, 32, 3), dtype=np.uint8))
    return f"npy:{tmp_path / 'data'}"


@pytest.fixture
def jobs(tmp_path):
    """`TrainingJobs` over an empty folder; whatever they started is ended with the test."""
    jobs = TrainingJobs(tmp_path / "runs")
    yield jobs
    jobs.close()


def seen(jobs, run):
    return jobs.status(run)["nimg"]


@pytest.mark.slow
def test_a_run_is_started_watched_stopped_and_resumed(jobs, data):
    """Start, a stranger refused, stop saves, resume goes on where it was."""
    started = jobs.start(data, "tutorial", {**TINY, **OFTEN, "kimg": 1000})
    assert jobs.running() == started.run and jobs.status()["run"] == started.run
    assert (jobs.runs / started.run / OWNER_FILE).read_text() != started.token, "only a digest is kept"
    wait_until(lambda: seen(jobs, started.run) > 150)
    for token in ("", "wrong", "x" * 1000):
        assert not jobs.may_control(started.run, token)
        with pytest.raises(RunError, match="another visitor"):
            jobs.order(started.run, "stop", token)
    assert jobs.may_control(started.run, started.token) and list_runs(jobs.runs) == [started.run]

    jobs.order(started.run, "stop", started.token, wait=30)
    status = jobs.status(started.run)
    assert status["state"] == "stopped" and status["can_resume"] and status["snapshot"] == status["nimg"]
    assert jobs.running() is None
    with pytest.raises(RunError, match=r"is stopped; only a run that is being trained can be told to stop\."):
        jobs.order(started.run, "stop", started.token)

    with pytest.raises(RunError, match="another visitor"):
        jobs.resume(started.run, "wrong")
    before = status["nimg"]
    jobs.resume(started.run, started.token)
    wait_until(lambda: seen(jobs, started.run) > before + 50)
    jobs.order(started.run, "stop", started.token, wait=30)
    positions = [line["nimg"] for line in read_metrics(jobs.runs / started.run)]
    assert positions == sorted(set(positions)), "the curve goes on, once over every place"


@pytest.mark.slow
def test_a_paused_run_frees_the_machine_and_goes_on(jobs, data):
    """After pause another run can be trained; the paused one says so, and resumes where it was."""
    first = jobs.start(data, "tutorial", {**TINY, **OFTEN, "kimg": 1000})
    wait_until(lambda: seen(jobs, first.run) > 50)
    with pytest.raises(RunError, match="another visitor"):
        jobs.order(first.run, "pause", "wrong")
    jobs.order(first.run, "pause", first.token, wait=30)
    paused = jobs.status(first.run)
    assert paused["state"] == "paused" and paused["can_resume"] and paused["snapshot"] == paused["nimg"]
    second = jobs.start(data, "tutorial", {**TINY, "kimg": 0.064})
    wait_until(lambda: jobs.status(second.run)["state"] == "finished" and jobs.running() is None)
    assert jobs.status(first.run)["state"] == "paused"
    jobs.resume(first.run, first.token)
    wait_until(lambda: seen(jobs, first.run) > paused["nimg"] + 50)
    jobs.order(first.run, "stop", first.token, wait=30)


@pytest.mark.slow
def test_a_run_samples_and_saves_when_its_owner_orders_it(jobs, data):
    """A grid and a model appear that no interval asks for, the run goes on, and nobody else may order them."""
    seldom = dict.fromkeys(("sample_every", "snapshot_every", "state_every"), 10**9)
    started = jobs.start(data, "quick", {**TINY, **seldom, "kimg": 1000})
    wait_until(lambda: seen(jobs, started.run) > 50)
    with pytest.raises(RunError, match="another visitor"):
        jobs.order(started.run, "sample", "wrong")
    jobs.order(started.run, "sample", started.token)
    jobs.order(started.run, "save", started.token)
    wait_until(lambda: jobs.status(started.run)["snapshots"])
    status = wait_until(lambda: (now := jobs.status(started.run))["state_saved"] and now)
    assert len(status["samples"]) == 2 and len(status["snapshots"]) == 1 and status["state"] == "running"
    jobs.order(started.run, "stop", started.token, wait=30)


@pytest.mark.slow
def test_a_killed_trainer_is_noticed_and_resumes_from_its_last_state(jobs, data):
    """A run whose trainer was killed is shown as crashed, and resume continues from the last saved state."""
    started = jobs.start(data, "tutorial", {**TINY, **OFTEN, "kimg": 1000})
    wait_until(lambda: seen(jobs, started.run) > 300)
    os.kill(jobs.status(started.run)["pid"], signal.SIGKILL)
    wait_until(lambda: not is_alive(jobs.runs / started.run), 10)
    status = jobs.status(started.run)
    assert status["state"] == "crashed" and status["can_resume"] and "last state" in status["message"]
    jobs.resume(started.run, started.token)
    wait_until(lambda: jobs.status(started.run)["state"] == "running")
    assert jobs.status(started.run)["nimg"] >= 256
    jobs.close()
    assert jobs.status(started.run)["state"] == "stopped", "closing the app saves"


@pytest.mark.slow
def test_settings_reach_the_trainer_as_they_are(jobs, data):
    """Numbers that text would round arrive in full; config.json is the validated one, written before the trainer."""
    asked = {**TINY, "kimg": 0.064, "lr_g": 1 / 3000, "seed": 2**63 - 1, "augment": ""}
    started = jobs.start(data, "quick", asked)
    config = read_config(jobs.runs / started.run)
    assert (config.lr_g, config.seed, config.augment, config.preset) == (1 / 3000, 2**63 - 1, "", "quick")
    wait_until(lambda: not jobs.status(started.run)["alive"])
    assert jobs.status(started.run)["state"] == "finished", "and is trained as it is"
    assert read_config(jobs.runs / started.run) == config


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="OMP_DISPLAY_ENV is read here as GNU's OpenMP answers it")
def test_the_trainer_shares_the_processor(jobs, data, monkeypatch):
    """The page's trainer has a low priority, and its threads sleep while they wait for each other."""
    monkeypatch.setenv("OMP_DISPLAY_ENV", "VERBOSE")
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    started = jobs.start(data, "tutorial", {**TINY, "kimg": 1000})
    assert os.getpriority(os.PRIO_PROCESS, jobs.status(started.run)["pid"]) >= jobs.nice
    output = (jobs.runs / started.run / "output.log").read_text("utf-8")
    assert "GOMP_SPINCOUNT = '0'" in output


@pytest.mark.slow
def test_a_trainer_killed_at_once_leaves_a_run_to_begin_again(jobs, data):
    """SIGKILL right after the first status, before any state: the run can be resumed, and begins at 0."""
    started = jobs.start(data, "tutorial", {**TINY, **OFTEN, "state_every": 10**9, "kimg": 1000})
    os.kill(jobs.status(started.run)["pid"], signal.SIGKILL)
    wait_until(lambda: not is_alive(jobs.runs / started.run), 10)
    status = jobs.status(started.run)
    assert status["state"] == "crashed" and status["can_resume"] and "from the beginning" in status["message"]
    jobs.resume(started.run, started.token)
    wait_until(lambda: seen(jobs, started.run) > 100)
    jobs.order(started.run, "stop", started.token, wait=30)
    assert jobs.status(started.run)["state"] == "stopped"
    assert read_metrics(jobs.runs / started.run)[0]["nimg"] == OFTEN["log_every"]


@pytest.mark.slow
def test_no_orphan_outlives_a_killed_app(tmp_path, data):
    """After SIGKILL of the app, and SIGTERM to its trainer, the trainer saves, stops and releases its locks."""
    asked = (data, "tutorial", {**TINY, "kimg": 1000})
    code = f"""
import time
from dcgan.jobs.training_jobs import TrainingJobs
print(TrainingJobs({str(tmp_path / "runs")!r}).start(*{asked!r}).run, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as app:
        run = app.stdout.readline().strip()
        jobs = TrainingJobs(tmp_path / "runs", owners=False)
        wait_until(lambda: seen(jobs, run) > 100)
        trainer = jobs.status(run)["pid"]
        app.kill()
        # as when a machine is shut down: the app goes, and its trainer is told as well
        app.wait()
        if is_alive(jobs.runs / run):
            os.kill(trainer, signal.SIGTERM)
    wait_until(lambda: not is_alive(jobs.runs / run), 30)
    status = jobs.status(run)
    assert status["state"] == "stopped" and status["can_resume"]
    assert not is_locked(jobs.runs / TRAINER_LOCK)


@pytest.mark.slow
def test_an_error_of_the_trainer_reaches_the_caller(jobs, data, tmp_path):
    """The status has the sentence about a data set of a single picture, and resume is refused."""
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (40, 40)).save(tmp_path / "pictures" / "a.png")
    started = jobs.start(f"folder:{tmp_path / 'pictures'}", "tutorial", TINY)
    wait_until(lambda: not jobs.status(started.run)["alive"])
    status = jobs.status(started.run)
    assert status["state"] == "failed" and "only one picture" in status["message"]
    with pytest.raises(RunError, match="cannot be resumed"):
        jobs.resume(started.run, started.token)


@pytest.mark.slow
def test_a_run_of_the_command_line_takes_orders_from_the_page(tmp_path, data):
    """A training started by hand in the folder shows up, and can be stopped from the page."""
    jobs = TrainingJobs(tmp_path / "runs", owners=False)
    sets = [part for name, value in TINY.items() for part in ("--set", f"{name}={value}")]
    command = [sys.executable, "-m", "dcgan", "train", "--preset", "tutorial", "--data", data, "--run"]
    command += [str(tmp_path / "runs" / "by-hand"), *sets, "--set", "kimg=1000"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as trainer:
        wait_until(lambda: jobs.running() == "by-hand")
        wait_until(lambda: seen(jobs, "by-hand") > 50)
        jobs.order("by-hand", "stop")
        assert trainer.wait(30) == 0
    assert jobs.status("by-hand")["state"] == "stopped"


def test_a_refused_start_leaves_nothing_behind(jobs, data):
    """Unknown presets, settings, data and bad values are refused before a folder or a process is made."""
    for asked in [
        (data, "nonsense", {}),
        (data, "tutorial", {"colour": 1}),
        (data, "tutorial", {"batch": "many"}),
        (data, "tutorial", {"batch": 0}),
        ("nothing:there", "tutorial", {}),
        ("npy:a\0b", "tutorial", {}),
        ("upload:../../etc", "tutorial", {}),
        ("x" * 501, "tutorial", {}),
    ]:
        with pytest.raises(DCGANError):
            jobs.start(*asked)
    assert list(jobs.runs.glob("*")) == []


@pytest.mark.parametrize("data", ["npy:/etc", "folder:/", "zip:/etc/passwd"])
def test_a_public_page_reads_no_paths(tmp_path, data):
    """Visitors of a public page cannot make the server read its own files."""
    with pytest.raises(DatasetError, match="you cannot use the server's own files"):
        TrainingJobs(tmp_path, PublicLimits()).start(data, "tutorial", {"kimg": 1})


def test_a_start_on_a_public_page_makes_room_for_its_run(tmp_path, monkeypatch):
    """Starting a run deletes the oldest of visitors' runs, so that as many as are allowed remain with the new one."""
    monkeypatch.setattr(TrainingJobs, "_start_trainer", lambda jobs, run, command: None)
    for second, name in enumerate(("oldest", "older", "newest")):
        run = write_run(tmp_path, name)
        give_token(run)
        os.utime(run / "status.json", (1000 + second, 1000 + second))
    started = TrainingJobs(tmp_path, PublicLimits(runs=3)).start("doodles", "quick", {"kimg": 1})
    assert {path.name for path in tmp_path.glob("[a-z0-9]*")} == {"older", "newest", started.run}


def test_abandoned_temporary_files_are_deleted_at_the_start(tmp_path):
    """The app deletes temporary files that were left ten minutes ago, and none that may still be written."""
    run, model = tmp_path / "runs" / "a", tmp_path / "checkpoints" / "small"
    for folder in (run / "best", model):
        folder.mkdir(parents=True)
    abandoned = [run / ".status.json.7.8.tmp", run / "best" / ".x.safetensors.7.8.tmp", model / ".y.json.7.8.tmp"]
    for path in abandoned:
        path.touch()
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    (run / ".control.7.8.tmp").touch()
    TrainingJobs(tmp_path / "runs", checkpoints=tmp_path / "checkpoints")
    assert not any(path.exists() for path in abandoned) and (run / ".control.7.8.tmp").exists()


def test_the_administrator_may_control_every_run(tmp_path):
    """The admin token opens every run; an empty one opens none, also where no admin is set."""
    run = tmp_path / "a"
    run.mkdir()
    (run / "status.json").write_text('{"state": "stopped"}')
    assert TrainingJobs(tmp_path, admin="secret").may_control("a", "secret")
    assert not TrainingJobs(tmp_path, admin="secret").may_control("a", "")
    assert not TrainingJobs(tmp_path).may_control("a", "")
    assert TrainingJobs(tmp_path, owners=False).may_control("a", "")
    assert not TrainingJobs(tmp_path, owners=False).may_control("../a", "")


@pytest.mark.slow
def test_a_run_can_be_stopped_while_pictures_are_read(jobs, tmp_path, monkeypatch):
    """A run that is still drawing its pictures stops within seconds, says at which point, and can be started again."""
    monkeypatch.setenv("DCGAN_CACHE", str(tmp_path / "cache"))
    started = jobs.start("doodles:100000", "tutorial", TINY)
    wait_until(lambda: "reading" in (jobs.status(started.run)["message"] or ""))
    jobs.order(started.run, "stop", started.token, wait=30)
    status = jobs.status(started.run)
    assert status["state"] == "stopped" and "being read" in status["message"] and not status["alive"]
    assert status["can_resume"]
