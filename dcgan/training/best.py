"""Choose the best model of a run, since GANs often get worse again.

The lowest KID wins among models of sufficient coverage, because a G that has lost variety can still have a low KID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import torch
from torch import Tensor

from dcgan.metrics.evaluate import sample_pictures
from dcgan.metrics.features import trained_extractor
from dcgan.metrics.quick import make_reference, quick_score
from dcgan.models import Generator

Score = Mapping[str, float]  # a line of scores.jsonl: nimg, kid, kid_error, coverage, diversity
SAMPLES = 1000
FIRST_SEED = 2 * 10**9  # far from seeds that users type and from CALIBRATION_SEEDS
MIN_COVERAGE = 0.9  # relative to the highest coverage so far
PATIENCE = 3  # consecutive bad scores before the warning


def make_evaluator(pictures: Tensor, device: torch.device) -> Callable[[Generator], dict[str, float]]:
    """Return a function that computes KID and coverage of a G against the data set, uint8 [N, nc, S, S], in seconds."""
    reference = make_reference(pictures, trained_extractor(device=device.type), SAMPLES)
    return lambda G: quick_score(sample_pictures(G, SAMPLES, FIRST_SEED), reference)


def best_of(scores: Iterable[Score]) -> Score | None:
    """Return the best of a run's scores, given in order: the lowest "kid" among those with sufficient "coverage"."""
    best: Score | None = None
    widest = 0.0
    for score in scores:
        widest = max(widest, score["coverage"])
        if score["coverage"] >= MIN_COVERAGE * widest and (best is None or score["kid"] < best["kid"]):
            best = score
    return best


def quality_warning(scores: Iterable[Score]) -> str:
    """Return a warning if the pictures have got worse for good, else "".

    They have if each of the last PATIENCE scores has at least twice the best KID, by more than three standard errors.
    """
    scores = list(scores)
    best, latest = best_of(scores), scores[-PATIENCE:]
    if best is None or len(latest) < PATIENCE or best in latest:
        return ""
    if any(score["kid"] < 2 * best["kid"] + 3 * score["kid_error"] for score in latest):
        return ""
    return (
        f"The pictures have got worse since {best['nimg']:,} pictures: G and D are out of balance. "
        "The best model is kept; stop this run and start another one from it, with lower learning rates."
    )
