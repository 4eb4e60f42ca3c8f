"""The alarm from the evaluations: the pictures get worse."""

from __future__ import annotations

from itertools import pairwise

from dcgan.training.best import best_of, quality_warning
from dcgan.training.health.alarm import LOWER_RATES, Alarm
from dcgan.training.health.evidence import Evidence

RISES = 3  # one after the other; healthy runs had up to two
# How much KID must exceed the best, and how many of its own errors it must have risen: in healthy runs it swings by a
# tenth from one evaluation to the next.
RISE, ERRORS = 1.2, 3.0


def kid_rises(evidence: Evidence) -> Alarm | None:
    """KID has risen RISES times in a row, or is far from the run's best."""
    scores = evidence.scores
    best, latest = best_of(scores), scores[-RISES - 1 :]
    if best is None or len(latest) <= RISES:
        return None
    kids = [score["kid"] for score in latest]
    rising = all(after > before for before, after in pairwise(kids))
    clear = kids[-1] > RISE * best["kid"] and kids[-1] - kids[0] > ERRORS * latest[-1]["kid_error"]
    far = bool(quality_warning(scores))
    if not far and not (rising and clear):
        return None
    path = " → ".join(f"{1000 * kid:.0f}" for kid in kids)
    return Alarm(
        "kid_rises",
        "stop" if far else "warning",
        f"The pictures get worse: KID × 1000 went {path}; its best was {1000 * best['kid']:.0f}, "
        f"after {best['nimg']:,} pictures.",
        "G and D swing around each other, each undoing what the other learned. Lower rates make the swings smaller.",
        "Go on from the best model with half the learning rates.",
        "learn-quality",
        LOWER_RATES,
    )
