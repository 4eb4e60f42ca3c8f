"""Stop a run whose losses have become NaN, infinite or very large."""

from __future__ import annotations

from dcgan.config import TrainConfig
from dcgan.errors import RunError
from dcgan.training.step_stats import StepStats

# A run has diverged if the mean loss of G or D over the recent steps exceeds MAX_LOSS. The tutorial's BCELoss cannot
# exceed 100, since it clamps logarithms at -100. Losses of healthy runs stay below HEALTHY_LOSS, apart from single
# steps; those of runs with too high learning rates reach 1e3 to 1e13 within 100 steps.
MAX_LOSS = 100.0
HEALTHY_LOSS = 30
DIVERGED = "The run diverged"  # how the message of such a run begins
ADVICE = " Use lower learning rates"  # and how its second sentence does


def check_losses(stats: StepStats, nimg: int, config: TrainConfig, state_saved: bool) -> None:
    """Raise RunError if the run has diverged. `state_saved`: whether it can be resumed.

    It is called before anything is saved, so that a diverged model never replaces a good one.
    """
    means, not_finite = stats.recent_means(), stats.not_finite()
    limits = {"D": MAX_LOSS * (1 + config.negatives), "G": MAX_LOSS}  # corrupted reals add to D's loss
    for network, limit in limits.items():
        name = f"{network}_loss"
        if name in not_finite:
            raise _diverged(f"{network}'s loss became NaN or infinite", nimg, config, state_saved)
        if abs(means.get(name, 0.0)) > limit:
            seen = f"{network}'s loss is {means[name]:.3g} (healthy losses are within ±{HEALTHY_LOSS})"
            raise _diverged(seen, nimg, config, state_saved)


def _diverged(seen: str, nimg: int, config: TrainConfig, state_saved: bool) -> RunError:
    lower = f"lr_g={config.lr_g / 10:g} lr_d={config.lr_d / 10:g}"
    advice = f"resume from the last saved state with --set {lower}, or" if state_saved else f"for example {lower};"
    return RunError(f"{DIVERGED}: after {nimg:,} pictures {seen}.{ADVICE}: {advice} start a new run.")
