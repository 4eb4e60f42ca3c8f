"""`python -m dcgan runs …`."""

from __future__ import annotations

import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from PIL import Image
from run_folders import TINY, write_run
from waiting import wait_until

from dcgan.checkpoint import load_generator
from dcgan.cli import main, make_parser
from dcgan.cli.common import store
from dcgan.jobs.queue import RunQueue
from dcgan.jobs.run_status import read_status
from dcgan.jobs.runs import is_alive, list_runs
from dcgan.jobs.trash import list_trash
from dcgan.training.runlog import read_config

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = ("list", "show", "stop", "pause", "sample", "save", "rename", "delete", "restore", "compare")


@pytest.fixture
def runs(folders):
    """A folder with the runs "first" and "second"."""
    write_run(folders / "runs", "first")
    write_run(folders / "runs", "second", scores=False, batch=16)
    return folders / "runs"


def test_every_action_has_examples_that_its_parser_accepts(capsys):
    """--help of every action ends with 0 and shows examples that can be typed."""
    for action in ACTIONS:
        with pytest.raises(SystemExit) as ended:
            main(["runs", action, "--help"])
        assert ended.value.code == 0
        lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
        examples = [line for line in lines if line.startswith("python -m dcgan")]
        assert examples, action
        for line in examples:
            make_parser().parse_args(shlex.split(line)[3:])


def test_runs_are_listed_with_their_facts_and_filtered_by_words(runs, capsys):
    """A line a run with id, name, state, length, KID, size, preset and data; words leave only those that match."""
    assert main(["runs", "rename", "first", "with hats"]) == 0
    capsys.readouterr()
    assert main(["runs", "list"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["id", "name", "state"] and len(lines) == 2
    line = next(line for line in lines if line.startswith("first"))
    for fact in ("with hats", "finished", "4,000", "20.0", "kB", "quick", "doodles:64"):
        assert fact in line
    assert main(["runs", "list", "HATS"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["id", "first"]
    assert main(["runs", "list", "nothing"]) == 0
    assert capsys.readouterr().out == "no run\n"


def test_a_waiting_run_is_listed_with_its_place(runs, capsys):
    """The state of a run in the queue says which place it has, in the list and alone."""
    for place, run in enumerate(("second", "first"), 1):
        assert RunQueue(runs).put(runs / run, "") == place
    assert main(["runs", "list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "queued, place 2" in lines["first"] and "queued, place 1" in lines["second"]
    assert main(["runs", "show", "first"]) == 0
    assert "state       queued, place 2" in capsys.readouterr().out


def test_a_run_is_shown_with_the_names_of_its_models(runs, capsys):
    """Facts one a line, among them its best KID and its folder."""
    assert main(["runs", "show", "first"]) == 0
    shown = capsys.readouterr().out
    for fact in ("20.0, after 2,000 pictures", str(runs / "first"), "run:first@2000, run:first@4000"):
        assert fact in shown


def test_orders_reach_a_run_that_is_being_trained_and_no_other(runs, capsys):
    """sample and save append to the run's control file; a run that is not being trained is told nothing."""
    with FileLock(runs / "first" / "lock"):
        assert main(["runs", "sample", "first"]) == main(["runs", "save", "first"]) == 0
    assert (runs / "first" / "control").read_text() == "sample\nsave\n"
    assert "first draws its grid" in capsys.readouterr().out
    assert main(["runs", "stop", "second"]) == 1
    assert "second is finished; only a run that is being trained" in capsys.readouterr().err
    assert not (runs / "second" / "control").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("order", "state"), [("stop", "stopped"), ("pause", "paused")])
def test_stop_and_pause_wait_until_the_run_has_saved(runs, capsys, order, state):
    """The command ends once the trainer has, and says how far the run came."""
    settings = [f"{name}={value}" for name, value in {**TINY, "kimg": 1000, "threads": 1, "eval_every": 0}.items()]
    command = [sys.executable, "-m", "dcgan", "train", "--preset", "quick", "--data", "doodles:64"]
    command += ["--run", str(runs / "third"), "--set", *settings]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as trainer:
        wait_until(lambda: is_alive(runs / "third") and read_status(runs / "third").get("nimg", 0) > 50)
        assert main(["runs", order, "third"]) == 0
        assert trainer.wait(30) == 0
    status = read_status(runs / "third")
    assert status["state"] == state and status["can_resume"]
    assert f"third {state} after {status['nimg']:,} of 1,000,000 pictures" in capsys.readouterr().out


def test_a_deleted_run_is_restored_or_deleted_for_good(runs, capsys):
    """delete says how to undo it, restore does so; --for-good frees the disk at once."""
    assert main(["runs", "delete", "first"]) == 0
    assert "runs restore first" in capsys.readouterr().out
    assert list_runs(runs) == ["second"]
    assert main(["runs", "list", "--deleted"]) == 0
    assert capsys.readouterr().out == "first\n"
    assert main(["runs", "restore", "first"]) == 0
    assert set(list_runs(runs)) == {"first", "second"}
    assert main(["runs", "delete", "first", "--for-good"]) == 0
    assert list_runs(runs) == ["second"] and list_trash(runs) == []
    assert main(["runs", "restore", "first"]) == 1
    assert "no deleted run" in capsys.readouterr().err


def test_two_runs_are_compared_in_words_and_as_a_picture(runs, tmp_path, capsys):
    """Only settings that differ are printed, then results; --out draws curves and grids."""
    assert main(["runs", "compare", "first", "second", "--out", str(tmp_path / "both.png")]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == [["first", "second"], ["batch", "8", "16"]]
    assert lines[2:4] == [["pictures", "seen", "4,000", "4,000"], ["KID", "×", "1000", "20.0", "–"]]
    with Image.open(tmp_path / "both.png") as picture:
        assert picture.format == "PNG" and picture.width > 1000


@pytest.mark.parametrize(
    "action", [["show", "none"], ["delete", "none"], ["rename", "", "x"], ["compare", "first", ""]]
)
def test_an_unknown_run_is_answered_with_those_there_are(runs, capsys, action):
    """Status 1 and a sentence; an empty id is no run, and nothing is changed."""
    assert main(["runs", *action]) == 1
    assert "Runs: " in (err := capsys.readouterr().err) and "first" in err
    assert set(list_runs(runs)) == {"first", "second"}


def test_a_moment_is_exported_and_begins_another_run(runs, tmp_path, capsys):
    """--zip writes both networks; --init run:ID@NIMG starts a run that counts the pictures of that moment, too."""
    assert main(["export", "--model", "run:first@2000", "--zip", str(tmp_path / "model.zip")]) == 0
    with zipfile.ZipFile(tmp_path / "model.zip") as file:
        assert "run-first-2000/discriminator.safetensors" in file.namelist()
    settings = ["kimg=0.016", "batch=8", "threads=1", "precision=fp32", "eval_every=0", "lr_g=1e-5", "lr_d=1e-5"]
    begun = [
        "train",
        "--preset",
        "quick",
        "--init",
        "run:first@2000",
        "--data",
        "doodles:64",
        "--run",
        str(runs / "on"),
    ]
    assert main([*begun, "--set", *settings]) == 0
    assert read_config(runs / "on").init_seen == 2000
    ours, theirs = (load_generator(store().generator_path(name)).G for name in ("run:on", "run:first@2000"))
    for name, tensor in theirs.named_parameters():
        torch.testing.assert_close(dict(ours.named_parameters())[name], tensor, atol=0.01, rtol=0.01)
    assert main(["train", "--init", "run:first@5", "--data", "doodles:64", "--run", str(runs / "no")]) == 1
    assert "keeps those after: 2000, 4000" in capsys.readouterr().err
