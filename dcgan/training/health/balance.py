"""Alarms from the losses and from D's answers: one network leaves the other behind, or a loss runs away."""

from __future__ import annotations

from dcgan.config import AUGMENTATIONS
from dcgan.training.divergence import ADVICE, DIVERGED, HEALTHY_LOSS
from dcgan.training.health.alarm import LOWER_RATES, RAISE_AUGMENTATION, STOP_KEEP_BEST, Alarm
from dcgan.training.health.evidence import WINDOW, Evidence

# D wins when it is this sure of reals and of fakes over a whole WINDOW. Of the recorded runs (tests/fixtures/health)
# the most lopsided healthy ones, BCE with BatchNorm in D, had D(x) up to 0.949 and D(G(z)) down to 0.057; the run whose
# G learned nothing had 0.999 and 0.0024 at once, and 0.9999 and 0.0002 at its end.
SURE_OF_REALS, SURE_OF_FAKES = 0.98, 0.02
# D is fooled when it takes fakes for real. Healthy runs had at most 0.49 after their first tenth and 0.60 in it; the
# run whose D was too slow 0.99, and the one whose D stood still rose to 0.91.
FOOLED = 0.9
# With fewer pictures than this D comes to know each of them in a run of usual length, so augmentation helps more than
# lower rates (arXiv 2006.06676, figure 1: training with 1,000 or 2,000 pictures soon breaks down).
FEW = 2_000


def diverged(evidence: Evidence) -> Alarm | None:
    """A run that was stopped because its losses ran away; see `divergence.check_losses`."""
    if not evidence.failure.startswith(DIVERGED):
        return None
    seen = evidence.failure.partition(ADVICE)[0]
    return Alarm(
        "diverged",
        "stop",
        seen,
        "The steps are so large that each one overshoots what the last one corrected, and the weights grow.",
        "Go on from the best model with half the learning rates; if that diverges as well, with a tenth.",
        "learn-diverged",
        LOWER_RATES,
    )


def losses_rise(evidence: Evidence) -> Alarm | None:
    """The mean loss of a network is beyond what healthy runs have, and a divergence is near."""
    for network in ("G", "D"):
        loss = evidence.mean(f"{network}_loss")
        if abs(loss) > HEALTHY_LOSS:
            return Alarm(
                "losses_rise",
                "warning",
                f"{network}’s loss is {loss:.3g} on average; in healthy runs it stays within ±{HEALTHY_LOSS}.",
                "The steps are too large: each one overshoots what the last one corrected. The run stops by itself "
                "when the loss grows further.",
                "Go on from the best model with half the learning rates.",
                "learn-diverged",
                LOWER_RATES,
            )
    return None


def d_wins(evidence: Evidence) -> Alarm | None:
    """D recognises every real and every generated picture."""
    reals, fakes = evidence.mean("D_x"), evidence.mean("D_G_z1")
    if reals < SURE_OF_REALS or fakes > SURE_OF_FAKES:
        return None
    few = 0 < evidence.count < FEW and len(evidence.augmentations) < len(AUGMENTATIONS)
    if few:
        why = f"With {evidence.count:,} pictures D knows each of them by heart."
        helps = "Change every picture that D sees (augmentation), and go on from the best model."
    else:
        why = "D learned faster than G."
        helps = "Go on from the best model with half the learning rates."
    return Alarm(
        "d_wins",
        "warning",
        f"D recognises every picture: D(x) is {reals:.3f} and D(G(z)) is {fakes:.4f}, over the last {WINDOW} reports.",
        f"{why} Every change of G then gets the same answer, so G has nothing to follow.",
        helps,
        "learn-balance",
        RAISE_AUGMENTATION if few else LOWER_RATES,
    )


def d_is_fooled(evidence: Evidence) -> Alarm | None:
    """D takes nearly every generated picture for real."""
    fakes = evidence.mean("D_G_z1")
    if fakes < FOOLED:
        return None
    return Alarm(
        "d_is_fooled",
        "warning",
        f"D takes fakes for real: D(G(z)) is {fakes:.2f}, over the last {WINDOW} reports.",
        "G learned faster than D. It draws what passes with this D, which need not look like a real picture.",
        "Stop the run, and begin another one with a lower learning rate of G or a higher one of D.",
        "learn-balance",
        STOP_KEEP_BEST,
    )
