"""Tests for `dcgan/jobs/preset_speeds.py`: how fast each preset trains on this machine."""

from __future__ import annotations

import json

import pytest
from filelock import FileLock
from run_folders import write_run

from dcgan.config import make_config
from dcgan.jobs.preset_speeds import PresetSpeeds
from dcgan.training.runlog import LOCK_FILE, METRICS_FILE, write_config


@pytest.fixture
def speeds(tmp_path):
    """The speeds over an empty folder of runs; a measurement ends with the test."""
    speeds = PresetSpeeds(tmp_path, "cpu")
    yield speeds
    speeds.close()


def write_speeds(run, preset, *values, **overrides):
    write_config(run, make_config(preset, "doodles", overrides))
    lines = [json.dumps({"nimg": 100 * i, "speed": speed}) for i, speed in enumerate(values)]
    (run / METRICS_FILE).write_text("\n".join(lines) + "\n")


def test_presets_are_measured_once(speeds, tmp_path):
    """One process measures; it ends with the app, and where its result is kept none is started again."""
    assert speeds.read() == {}
    speeds.measure()
    process = speeds._process
    speeds.measure()
    assert speeds._process is process and process.poll() is None
    speeds.close()
    assert process.poll() is not None
    speeds._file.write_text(json.dumps({"quick": 100.0}))
    again = PresetSpeeds(tmp_path, "cpu")
    again.measure()
    assert again.read() == {"quick": 100.0} and again._process is None


def test_a_run_knows_better_than_the_quick_measurement(speeds, tmp_path):
    """The median of a preset's runs counts before the quick measurement; a run of other networks does not."""
    speeds._file.write_text(json.dumps({"quick": 100.0, "tutorial": 50.0}))
    write_speeds(write_run(tmp_path, "usual"), "quick", 70.0, 5.0, 80.0)
    write_speeds(write_run(tmp_path, "small"), "tutorial", 900.0, ngf=8)
    assert speeds.read() == {"quick": 70.0, "tutorial": 50.0}


def test_nothing_is_measured_beside_a_trainer(speeds, tmp_path):
    """No measurement begins while a run is being trained, and one that goes on ends when a run begins."""
    run = write_run(tmp_path, "one")
    with FileLock(run / LOCK_FILE):
        speeds.measure()
        assert speeds._process is None
    speeds.measure()
    process = speeds._process
    with FileLock(run / LOCK_FILE):
        assert speeds.read() == {} and process.poll() is not None
    assert not list(tmp_path.glob(".speeds*"))
