"""The command that measures how fast presets train here."""

from __future__ import annotations

import json

import pytest

from dcgan.cli import main, speeds
from dcgan.presets import PRESETS


@pytest.fixture
def presets(monkeypatch):
    """Two presets that are measured in seconds; the command measures all of PRESETS."""
    assert speeds.PRESETS is PRESETS
    chosen = {name: PRESETS[name] for name in ("quick", "refine")}
    monkeypatch.setattr(speeds, "PRESETS", chosen)
    return chosen


@pytest.mark.slow
def test_each_preset_gets_a_speed(presets, tmp_path, monkeypatch, capsys):
    """Pictures per second of each preset are printed and written."""
    monkeypatch.setattr(speeds, "LEAST_SHARE", 0.0)  # tests run beside others
    out = tmp_path / "speeds.json"
    assert main(["speeds", "--out", str(out), "--device", "cpu"]) == 0
    written = json.loads(out.read_text())
    assert written.keys() == presets.keys() and min(written.values()) > 0
    printed = {line.split()[0]: float(line.split()[1]) for line in capsys.readouterr().out.splitlines()}
    assert printed == written


@pytest.mark.slow
def test_a_busy_machine_is_not_measured(presets, tmp_path, monkeypatch, capsys):
    """Where other programs took much of the processor nothing is written, and a sentence says why."""
    monkeypatch.setattr(speeds, "LEAST_SHARE", 1.5)
    out = tmp_path / "speeds.json"
    assert main(["speeds", "--out", str(out), "--device", "cpu"]) == 1
    assert "Other programs were busy" in capsys.readouterr().err and not out.exists()
