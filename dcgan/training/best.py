"""Which of a run's models is the best one: GANs get worse again, and the last is often not it.

KID decides, and coverage has a veto: a G that draws fewer kinds of faces, each of them well, can score a good KID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import torch
from torch import Tensor

from dcgan.metrics.evaluate import sample_pictures
from dcgan.metrics.features import trained_extractor
from dcgan.metrics.quick import make_reference, quick_score
from dcgan.models import Generator

Score = Mapping[str, float]
SAMPLES = 1000
FIRST_SEED = 2 * 10**9  # far from the seeds that people type and those that settle BatchNorm
VETO = 0.9  # of the highest coverage so far
PATIENCE = 3  # scores in a row that must be bad before it is said


def make_evaluator(pictures: Tensor, device: torch.device) -> Callable[[Generator], dict[str, float]]:
    """A function that scores a settled G against the data set's pictures, uint8 [N, nc, S, S], in a second or two."""
    reference = make_reference(pictures, trained_extractor(device=device.type), SAMPLES)
    return lambda G: quick_score(sample_pictures(G, SAMPLES, FIRST_SEED), reference)


def best_of(scores: Iterable[Score]) -> Score | None:
    """The best of a run's scores, in the order of the run: lowest "kid" among those "coverage" does not veto."""
    best: Score | None = None
    widest = 0.0
    for score in scores:
        widest = max(widest, score["coverage"])
        if score["coverage"] >= VETO * widest and (best is None or score["kid"] < best["kid"]):
            best = score
    return best


def alarm(scores: Iterable[Score]) -> str:
    """What to tell of a run that is breaking apart: a sentence, or nothing where there is nothing to tell.

    A run is, when each of its last PATIENCE scores has twice the best one's "kid", and by more than chance.
    """
    scores = list(scores)
    best, latest = best_of(scores), scores[-PATIENCE:]
    if best is None or len(latest) < PATIENCE or best in latest:
        return ""
    if any(score["kid"] < 2 * best["kid"] + 3 * score["kid_error"] for score in latest):
        return ""
    return (
        f"The pictures have got worse since {best['nimg']:,}: the balance of G and D is lost. The best model is kept; "
        "stop, and begin with it at lower learning rates."
    )
