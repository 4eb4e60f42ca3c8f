"""The facts of runs, their names, and what differs between two."""

from __future__ import annotations

import json
import os

import pytest
from run_folders import write_run

from dcgan.config import make_config
from dcgan.errors import RunError
from dcgan.jobs import run_names
from dcgan.jobs.run_facts import (
    Difference,
    all_facts,
    differences,
    folder_size,
    matching,
    run_differences,
    run_facts,
    same_latents,
    show_size,
)
from dcgan.jobs.run_names import LONGEST_NAME, read_name, write_name
from dcgan.jobs.runs import newest_metrics


def test_the_facts_of_a_run_are_those_of_its_files(tmp_path):
    """State, data, recipe, length and seconds are the trainer's, KID is the best model's, size that of all files."""
    run = write_run(tmp_path, "a")
    write_name(run, "  with hats ")
    facts = run_facts(run)
    assert (facts.run, facts.name, facts.state, facts.data, facts.preset) == (
        "a",
        "with hats",
        "finished",
        "doodles:64",
        "quick",
    )
    assert (facts.nimg, facts.total, facts.seconds, facts.length) == (4000, 4000, 40.0, "4,000")
    assert (facts.kid, facts.best, facts.alive) == (0.02, 2000, False)
    assert facts.size == sum(path.stat().st_size for path in run.rglob("*") if path.is_file()) > 1000


def test_a_run_that_is_not_measured_or_not_readable_is_listed_all_the_same(tmp_path):
    """Without scores there is no KID; a damaged status.json is the state "unreadable"; neither hides other runs."""
    write_run(tmp_path, "a", scores=False)
    (write_run(tmp_path, "b") / "status.json").write_text("{")
    (tmp_path / "a" / "status.json").write_text(json.dumps({"state": "stopped", "nimg": 10, "total": 4000}))
    for age, name in enumerate("ab"):
        os.utime(tmp_path / name / "status.json", (1000 - age, 1000 - age))
    first, second = all_facts(tmp_path)
    assert (first.run, first.kid, first.best, first.length) == ("a", None, None, "10 of 4,000")
    assert (second.run, second.state) == ("b", "unreadable")


def test_runs_are_found_by_all_words_of_a_text(tmp_path):
    """A run matches when each word is in its id, name, state, data or preset, in capitals or not."""
    write_name(write_run(tmp_path, "a"), "Many Hats")
    write_run(tmp_path, "b", state="stopped")
    facts = all_facts(tmp_path)

    def found(text):
        return {one.run for one in matching(facts, text)}

    assert found("") == found("DOODLES quick") == {"a", "b"}
    assert found("hats many") == {"a"} and found("stopped") == {"b"} and found("hats stopped") == set()


@pytest.mark.parametrize("name", ["x" * (LONGEST_NAME + 1), "two\nlines", "bell\a", "\ud800"])
def test_a_name_that_cannot_be_shown_is_refused(tmp_path, name):
    """A name is one line of at most LONGEST_NAME printable characters; the earlier one stays."""
    run = write_run(tmp_path, "a")
    write_name(run, "before")
    with pytest.raises(RunError, match="name"):
        write_name(run, name)
    assert read_name(run) == "before"


def test_a_name_that_cannot_be_written_is_refused_without_the_folders_path(tmp_path, monkeypatch):
    """The reason is told, the path is not: visitors read the sentence."""
    run = write_run(tmp_path, "a")

    def full(path, content):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(run_names, "write_atomic", full)
    with pytest.raises(RunError, match=r"^The name of the run a cannot be written \(No space left on device\)\.$"):
        write_name(run, "x")


def test_an_empty_name_takes_the_name_away(tmp_path):
    """The run is then called by its id again."""
    run = write_run(tmp_path, "a")
    assert write_name(run, "Größe 2 ✓") == read_name(run) == "Größe 2 ✓"
    write_name(run, " ")
    assert read_name(run) == "" and not (run / "name").exists()


def test_settings_that_differ_are_named_with_both_values(tmp_path):
    """Settings of the networks are among them; how often something is written is not."""
    first = make_config("quick", "doodles", {"ngf": 16, "log_every": 100})
    second = make_config("quick", "doodles:64", {"ngf": 32, "lr_g": 1e-4, "log_every": 200})
    assert differences(first, first) == []
    assert differences(first, second) == [
        Difference("data", "doodles", "doodles:64"),
        Difference("lr_g", first.lr_g, 1e-4),
        Difference("ngf", 16, 32),
    ]
    runs = [write_run(tmp_path, "a"), write_run(tmp_path, "b", batch=16)]
    assert run_differences(*runs) == [Difference("batch", 8, 16)]
    assert same_latents(first, second) and not same_latents(first, make_config("quick", "doodles", {"nz": 8}))


def test_the_newest_metrics_are_read_from_the_end_of_the_file(tmp_path):
    """The last whole line counts, however long the file is; a line that is half written does not."""
    lines = [json.dumps({"nimg": nimg, "seconds": nimg}) for nimg in range(1, 5000)]
    (tmp_path / "metrics.jsonl").write_text("\n".join(lines) + '\n{"nimg": 50')
    assert newest_metrics(tmp_path) == {"nimg": 4999, "seconds": 4999}
    assert newest_metrics(tmp_path / "none") == {}


def test_sizes_are_shown_in_three_units(tmp_path):
    """A size has a unit that leaves it few digits; a file that is a link counts nothing."""
    assert [show_size(size) for size in (0, 1, 812_000, 35_400_000, 1_240_000_000)] == [
        "0 kB",
        "1 kB",
        "812 kB",
        "35 MB",
        "1.2 GB",
    ]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "sub" / "file")
    assert folder_size(tmp_path) == 5
