"""All alarms of a run, and the word for its state."""

from __future__ import annotations

from dcgan.training.health.alarm import LEVELS, Alarm
from dcgan.training.health.balance import d_is_fooled, d_wins, diverged, losses_rise
from dcgan.training.health.evidence import Evidence
from dcgan.training.health.quality import kid_rises
from dcgan.training.health.variety import too_alike, twins

BALANCED, EARLY, ALARMED = "balanced", "early", "alarmed"


def examine(evidence: Evidence) -> list[Alarm]:
    """Return the run's alarms, the gravest first. D(x) ≈ D(G(z)) ≈ ½ is none: D cannot tell, which is the aim."""
    checks = [diverged, too_alike, twins, kid_rises]
    if not evidence.early:
        checks += [losses_rise, d_wins, d_is_fooled]
    alarms = [alarm for check in checks if (alarm := check(evidence)) is not None]
    return sorted(alarms, key=lambda alarm: -LEVELS.index(alarm.level))


def verdict(evidence: Evidence, alarms: list[Alarm]) -> str:
    """Return "alarmed", "early" while there is too little to judge by, or "balanced"."""
    if alarms:
        return ALARMED
    return EARLY if evidence.early else BALANCED
