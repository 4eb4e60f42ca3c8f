"""Tests for `dcgan/training/pace.py`: speed, and the time that is left."""

from __future__ import annotations

import pytest

from dcgan.training.pace import Pace

INTERVALS = {"log_every": 100, "sample_every": 500, "eval_every": 1000}


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def test_time_left_is_steady_while_the_machine_is_not():
    """Steps that now and then take up to nine times as long change the time left little: it falls with the run."""
    clock = Clock()
    pace = Pace(0, clock)
    left = []
    slow = [1, 1, 5, 1, 1, 9, 1, 1, 1, 4]  # how much longer each tenth report takes: 1 second is usual
    for report in range(1, 61):
        clock.now += slow[report % 10]
        pace.report(100 * report)
        left.append(pace.seconds_left(10_000, INTERVALS))
    usual = [(10_000 - 100 * report) / 100 for report in range(1, 61)]
    assert all(ours == pytest.approx(truth, rel=0.05) for ours, truth in zip(left[2:], usual[2:], strict=True))
    assert pace.speed == pytest.approx(100)


def test_a_lasting_change_of_speed_is_followed():
    """When the machine stays slower, the time left is that of the new speed after eight reports."""
    clock = Clock()
    pace = Pace(0, clock)
    for report in range(1, 31):
        clock.now += 1 if report <= 22 else 3
        pace.report(100 * report)
    assert pace.speed == pytest.approx(100 / 3)
    assert pace.seconds_left(10_000, INTERVALS) == pytest.approx(7000 / 100 * 3)


def test_outputs_are_timed_apart_from_steps():
    """An evaluation of 20 seconds lowers no speed, and each one that is still to come is part of the time left."""
    clock = Clock()
    pace = Pace(0, clock)
    for report in range(1, 11):
        clock.now += 1
        assert pace.report(100 * report) == pytest.approx(100)
        if report % 5 == 0:
            with pace.output("sample_every"):
                clock.now += 2
    with pace.output("eval_every"):
        clock.now += 20
    clock.now += 1
    assert pace.report(1100) == pytest.approx(100)
    # 9 grids and 5 evaluations, the last of each at the end, which is no multiple of their intervals
    assert pace.seconds_left(5400, INTERVALS) == pytest.approx(43 + 9 * 2 + 5 * 20)


def test_a_resumed_run_starts_its_own_measurement():
    """Pictures of the time before a resume count neither as fast nor as slow."""
    clock = Clock()
    pace = Pace(7000, clock)
    assert pace.speed == 0
    clock.now += 4
    assert pace.report(7100) == pytest.approx(25)
    assert pace.seconds_left(7200, {"log_every": 100}) == pytest.approx(4)
