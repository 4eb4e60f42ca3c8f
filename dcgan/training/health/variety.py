"""Alarms from the variety of the samples: pictures that are too alike, and twins in the grid."""

from __future__ import annotations

import numpy as np

from dcgan.images import Array
from dcgan.training.health.alarm import LOWER_RATES, STOP_KEEP_BEST, Alarm
from dcgan.training.health.evidence import Evidence

# Diversity is the mean distance of two samples ÷ that of two reals: from the evaluations, in features, or where there
# are none from the grids, in pixels. It is judged from this share of the run on, because all runs begin with one gray
# picture. Pixels take longer, since the pictures of a G that is still blurred differ little in them.
FROM_SCORES, FROM_GRIDS = 0.3, 0.5
# Nor is a run judged before it has seen so many pictures, however short it is: 150 steps with a batch of 16, before
# which the healthy ones drew one gray or blurred picture, too.
LEAST_PICTURES = 2_500
# Recorded runs (tests/fixtures/health): healthy ones had at least 0.45 in features and 0.41 in pixels from there on,
# those whose G drew one picture at most 0.24 and 0.27.
LEAST_IN_SCORES, LEAST_IN_GRIDS = 0.3, 1 / 3
# A run that was once this diverse has lost it when less than LOST of it remains; the run goes on from its best then.
# In healthy runs at least 0.87 of the highest diversity remained, in the run that lost it 0.36.
ONCE_DIVERSE, LOST = 0.5, 0.6
# Two samples are twins when they are nearer than this share of what lies between a real picture and the one most like
# it (the median). Healthy runs had at most 3 at half of their length and none later; the run whose G learned nothing
# had 63.
TWIN = 0.25
MANY_TWINS = 8  # of 64, beyond those among the reals: a data set may hold a picture twice


def too_alike(evidence: Evidence) -> Alarm | None:
    """The samples differ much less than real pictures do (mode collapse)."""
    found = _diversity(evidence)
    if found is None or evidence.nimg < LEAST_PICTURES:
        return None
    diversity, least = found
    best = max((score["diversity"] for score in evidence.scores), default=0.0)
    lost = best >= ONCE_DIVERSE and diversity < LOST * best
    if diversity >= least and not lost:
        return None
    why = "G found pictures that pass with D, and draws them for every z (mode collapse)."
    if not lost:
        why = "G has not learned to draw different pictures for different z, because D gave it nothing to follow."
    return Alarm(
        "too_alike",
        "stop" if lost else "warning",
        f"The samples are alike: they differ {100 * diversity:.0f} % as much as real pictures do"
        + (f"; it was {100 * best:.0f} %." if lost else "."),
        why,
        "Go on from the best model with half the learning rates."
        if lost
        else "Stop the run, and begin another one with a lower learning rate of D, or with the preset quick.",
        "learn-collapse",
        LOWER_RATES if lost else STOP_KEEP_BEST,
    )


def _diversity(evidence: Evidence) -> tuple[float, float] | None:
    """Return the run's newest diversity and the least that is healthy, or None where it is too early for one."""
    late = [score["diversity"] for score in evidence.scores if score["nimg"] >= FROM_SCORES * evidence.total]
    if evidence.scores:
        # the better of two, so that one bad moment does not count
        return (max(late[-2:]), LEAST_IN_SCORES) if len(late) >= 2 else None
    if evidence.share < FROM_GRIDS or evidence.fakes is None or evidence.reals is None:
        return None
    return grid_diversity(evidence.fakes, evidence.reals), LEAST_IN_GRIDS


def twins(evidence: Evidence) -> Alarm | None:
    """Several samples of the grid are nearly the same picture."""
    if evidence.share < FROM_SCORES or evidence.nimg < LEAST_PICTURES:
        return None
    if evidence.fakes is None or evidence.reals is None:
        return None
    number = count_twins(evidence.fakes, evidence.reals)
    if number < MANY_TWINS + count_twins(evidence.reals, evidence.reals):
        return None
    return Alarm(
        "twins",
        "warning",
        f"{number} of the {len(evidence.fakes)} samples have a twin: another sample that is nearly the same picture.",
        "Different z give the same picture, which is how a mode collapse begins.",
        "Go on from the best model with half the learning rates.",
        "learn-collapse",
        LOWER_RATES,
    )


def grid_diversity(fakes: Array, reals: Array) -> float:
    """Return the mean distance of two fakes ÷ that of two reals, in pixels; both uint8 [N, S, S, 3] with N above 1."""
    among_fakes, among_reals = (_distances(pictures) for pictures in (fakes, reals))
    spread = np.mean(among_reals[~np.eye(len(reals), dtype=bool)])
    return float(np.mean(among_fakes[~np.eye(len(fakes), dtype=bool)]) / max(spread, 1e-9))


def count_twins(pictures: Array, reals: Array) -> int:
    """Return how many pictures have a twin among the others."""
    nearest_real = np.median(_nearest(reals))
    return int((_nearest(pictures) < TWIN * nearest_real).sum())


def _nearest(pictures: Array) -> Array:
    """Return each picture's distance to the one most like it."""
    distances = _distances(pictures)
    np.fill_diagonal(distances, np.inf)
    nearest: Array = distances.min(axis=1)
    return nearest


def _distances(pictures: Array) -> Array:
    """Return the root mean square difference of each pair, [N, N]."""
    flat = pictures.reshape(len(pictures), -1).astype(np.float64)
    squares = (flat**2).sum(axis=1)
    distances: Array = np.sqrt(np.maximum(0, squares[:, None] + squares[None] - 2 * flat @ flat.T) / flat.shape[1])
    return distances
