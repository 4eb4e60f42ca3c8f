"""Alarms on recorded runs: silent on healthy ones at every moment, and each heard on the run that was made to fail so.

tests/benchmarks/record_health_runs.py trained these runs and says how.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dcgan.images import split_grid
from dcgan.training.health.alarm import ACTIONS, LEVELS, LOWER_RATES, NO_ACTION, RAISE_AUGMENTATION, STOP_KEEP_BEST
from dcgan.training.health.evidence import EARLY, WINDOW, Evidence
from dcgan.training.health.examine import examine, verdict

ROOT = Path(__file__).resolve().parents[3]
RECORDED = ROOT / "tests" / "fixtures" / "health"
HEALTHY = ("quick-2", "quick-3", "tutorial-1", "tutorial-2", "recommended-1", "recommended-2")


def read_lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def read_cells(path):
    return split_grid(np.asarray(Image.open(path).convert("RGB")))


def moments(name, scored=True):
    """The evidence that a recorded run gave after each line of its metrics; without evaluations if not `scored`."""
    run = RECORDED / name
    status = json.loads((run / "status.json").read_text("utf-8"))
    metrics, scores = read_lines(run / "metrics.jsonl"), read_lines(run / "scores.jsonl") if scored else []
    grids = {int(path.stem): read_cells(path) for path in sorted((run / "samples").glob("*.jpg"))}
    for end in range(1, len(metrics) + 1):
        nimg = metrics[end - 1]["nimg"]
        last = end == len(metrics)
        yield Evidence(
            metrics=metrics[:end],
            scores=[score for score in scores if score["nimg"] <= nimg],
            nimg=nimg,
            total=status["total"],
            count=status["count"],
            failure=status.get("message", "") if last and status["state"] == "failed" else "",
            fakes=next((cells for at, cells in reversed(grids.items()) if at <= nimg), None),
            reals=read_cells(run / "reals.jpg"),
        )


def names_at_end(name, **how):
    return {alarm.name for alarm in examine(list(moments(name, **how))[-1])}


@pytest.mark.parametrize("name", HEALTHY)
@pytest.mark.parametrize("scored", [True, False])
def test_a_healthy_run_raises_no_alarm(name, scored):
    """At no moment of the presets' runs is there an alarm, with evaluations and without; in the end: balanced."""
    for evidence in moments(name, scored):
        assert examine(evidence) == [], f"after {evidence.nimg} pictures"
    assert verdict(evidence, []) == "balanced"
    assert evidence.nimg >= 10_000 - 16


def test_the_first_tenth_is_not_judged():
    """Until WINDOW lines lie beyond the first tenth of a run it is "early", also where D wins from its first step."""
    early = [evidence for evidence in moments("d_wins") if evidence.metrics[-WINDOW:][0]["nimg"] < EARLY * 5000]
    assert len(early) > WINDOW
    for evidence in early:
        alarms = examine(evidence)
        assert "d_wins" not in {alarm.name for alarm in alarms}
        assert verdict(evidence, []) == "early"


def heard(name, alarm, **how):
    """The alarm of this name when it was first heard, and the share of the run that was done then."""
    for evidence in moments(name, **how):
        for found in examine(evidence):
            if found.name == alarm:
                return found, evidence.share
    raise AssertionError(f"{alarm} was not heard in the run {name}")


def test_d_wins_is_heard_and_asks_for_augmentation_where_pictures_are_few():
    """D's certainty is told with both numbers; with 64 pictures augmentation helps, with many lower rates."""
    alarm, share = heard("d_wins", "d_wins")
    assert (alarm.level, alarm.action) == ("warning", RAISE_AUGMENTATION) and share < 0.35
    assert "D(x) is 0.99" in alarm.seen and "D(G(z)) is 0.00" in alarm.seen and "64 pictures" in alarm.why
    last = list(moments("d_wins"))[-1]
    (many,) = [a for a in examine(dataclasses.replace(last, count=50_000)) if a.name == "d_wins"]
    assert many.action == LOWER_RATES and "50,000" not in many.why
    full = dataclasses.replace(last, augmentations=("color", "translation", "cutout"))
    assert [a.action for a in examine(full) if a.name == "d_wins"] == [LOWER_RATES]


def test_a_d_that_is_fooled_is_heard():
    """D(G(z)) near 1 is told with its number; no lower rate of both networks would help."""
    alarm, share = heard("d_is_fooled", "d_is_fooled")
    assert (alarm.level, alarm.action) == ("warning", STOP_KEEP_BEST) and share < 0.35
    assert "D(G(z)) is 0.9" in alarm.seen


def test_a_collapse_is_heard_in_evaluations_and_in_grids():
    """A run that lost its variety is to be stopped and gone on from its best; one that never had any is a warning."""
    lost, _ = heard("loses_variety", "too_alike")
    assert (lost.level, lost.action) == ("stop", LOWER_RATES) and "every z" in lost.why
    for run, scored in (("d_wins", True), ("d_wins", False), ("d_is_fooled", False)):
        never, _ = heard(run, "too_alike", scored=scored)
        assert (never.level, never.action) == ("warning", STOP_KEEP_BEST)
        assert "% as much as real pictures" in never.seen


def test_twins_are_heard_and_not_where_the_reals_have_as_many():
    """Samples that are nearly the same picture are counted; a data set that holds its pictures twice is no alarm."""
    alarm, _ = heard("d_wins", "twins", scored=False)
    assert alarm.level == "warning" and "of the 64 samples have a twin" in alarm.seen
    last = list(moments("quick-2"))[-1]
    doubled = last.fakes.copy()
    doubled[32:] = doubled[:32]
    assert "twins" in {a.name for a in examine(dataclasses.replace(last, fakes=doubled))}
    some = last.reals.copy()
    some[:20:2] = some[1:20:2]
    few = last.fakes.copy()
    few[:20:2] = few[1:20:2]
    assert "twins" in {a.name for a in examine(dataclasses.replace(last, fakes=few))}
    assert examine(dataclasses.replace(last, fakes=few, reals=some)) == []


def test_a_rising_kid_is_heard_before_it_is_far_from_the_best():
    """Three rises in a row are a warning with the four numbers; far from the best the run is to be stopped."""
    first, share = heard("loses_variety", "kid_rises")
    assert (first.level, first.action) == ("warning", LOWER_RATES) and share < 0.35
    assert "1394 → 2040 → 3301 → 4356; its best was 1394, after 416 pictures" in first.seen
    last = [alarm for alarm in examine(list(moments("loses_variety"))[-1]) if alarm.name == "kid_rises"]
    assert [alarm.level for alarm in last] == ["stop"]


def test_a_slowly_rising_kid_is_the_only_alarm_of_a_run_that_drifts():
    """A G that gets worse by a fifth, with varied samples and calm losses, is a warning and nothing more."""
    for evidence in moments("drifts"):
        assert {(alarm.name, alarm.level) for alarm in examine(evidence)} <= {("kid_rises", "warning")}
    assert names_at_end("drifts") == {"kid_rises"}


def test_a_run_that_diverged_says_so_first():
    """Growing losses are heard before the run stops by itself; then its own sentence is shown, with the same action."""
    rising, _ = heard("runs_away", "losses_rise")
    assert (rising.level, rising.action) == ("warning", LOWER_RATES)
    alarms = examine(list(moments("runs_away"))[-1])
    assert (alarms[0].name, alarms[0].level, alarms[0].action) == ("diverged", "stop", LOWER_RATES)
    assert alarms[0].seen.startswith("The run diverged: after ") and "lr_g=" not in alarms[0].seen


def test_a_d_that_cannot_tell_is_no_alarm():
    """D(x) = D(G(z)) = ½ with level losses is what training aims at."""
    lines = [{"nimg": 1000.0 * i, "D_x": 0.5, "D_G_z1": 0.5, "D_loss": 1.386, "G_loss": 0.693} for i in range(60)]
    evidence = Evidence(metrics=lines, nimg=59_000, total=60_000, count=500)
    assert examine(evidence) == [] and verdict(evidence, []) == "balanced"


def test_every_alarm_is_complete_and_gravest_first():
    """Each alarm of the recorded runs has a known level and action, three sentences, and an anchor in the Learn tab."""
    learn = (ROOT / "dcgan" / "web" / "learn" / "learn.html").read_text("utf-8")
    seen = set()
    for run in sorted(path.name for path in RECORDED.iterdir() if path.name not in HEALTHY):
        for evidence in moments(run):
            alarms = examine(evidence)
            levels = [LEVELS.index(alarm.level) for alarm in alarms]
            assert levels == sorted(levels, reverse=True)
            seen |= {dataclasses.replace(alarm, seen=alarm.name) for alarm in alarms}
            assert all(alarm.seen.endswith((".", ")")) for alarm in alarms)
    assert {alarm.name for alarm in seen} == {
        *("d_wins", "d_is_fooled", "too_alike", "twins", "kid_rises", "losses_rise", "diverged")
    }
    for alarm in seen:
        assert alarm.action in (*ACTIONS, NO_ACTION)
        assert f'id="{alarm.learn}"' in learn
        assert alarm.why.endswith(".") and alarm.helps.endswith(".")
