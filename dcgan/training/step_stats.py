"""The numbers that training steps return: kept on the device until they are reported, and checked for divergence."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

from dcgan.config import TrainConfig
from dcgan.errors import RunError
from dcgan.training.step import STATS

# A run has diverged if the mean loss of G or D over the last CHECKED_STEPS steps exceeds MAX_LOSS. The tutorial's
# BCELoss cannot exceed 100, since it clamps logarithms at -100. Losses of healthy runs stay below HEALTHY_LOSS, apart
# from single steps; those of runs with too high learning rates reach 1e3 to 1e13 within 100 steps.
MAX_LOSS = 100.0
HEALTHY_LOSS = 30
CHECKED_STEPS = 10
DIVERGED = "The run diverged"  # how the message of such a run begins
ADVICE = " Use lower learning rates"  # and how its second sentence does
LOSSES = {"D": STATS.index("D_loss"), "G": STATS.index("G_loss")}


class StepStats:
    """The STATS of the steps since the last report, and of the last CHECKED_STEPS steps.

    Reading a number waits for the device, so it is not done at every step.
    """

    def __init__(self) -> None:
        self._since_report: list[Tensor] = []
        self._recent: deque[Tensor] = deque(maxlen=CHECKED_STEPS)

    def add(self, stats: Tensor) -> None:
        """Add the numbers of one step."""
        self._since_report.append(stats)
        self._recent.append(stats)

    def last(self) -> dict[str, float]:
        """Return the numbers of the last step."""
        return _named(self._recent[-1])

    def pop_means(self) -> dict[str, float]:
        """Return the means since the last call."""
        means = torch.stack(self._since_report).double().mean(0)
        self._since_report.clear()
        return _named(means)

    def check_losses(self, nimg: int, config: TrainConfig, state_saved: bool) -> None:
        """Raise RunError if a loss is NaN or infinite, or has run away. `state_saved`: whether the run can be resumed.

        It is called before anything is saved, so that a diverged model never replaces a good one.
        """
        if not self._recent:
            return
        recent = torch.stack([*self._recent]).double().cpu()
        finite = torch.isfinite(torch.stack(self._since_report or [*self._recent])).all(0).cpu()
        limits = {"D": MAX_LOSS * (1 + config.negatives), "G": MAX_LOSS}  # corrupted reals add to D's loss
        for network, index in LOSSES.items():
            loss = recent[:, index].mean().item()
            if not finite[index]:
                raise _diverged(f"{network}'s loss became NaN or infinite", nimg, config, state_saved)
            if abs(loss) > limits[network]:
                seen = f"{network}'s loss is {loss:.3g} (healthy losses are within ±{HEALTHY_LOSS})"
                raise _diverged(seen, nimg, config, state_saved)


def _named(stats: Tensor) -> dict[str, float]:
    return dict(zip(STATS, stats.double().cpu().tolist(), strict=True))


def _diverged(seen: str, nimg: int, config: TrainConfig, state_saved: bool) -> RunError:
    lower = f"lr_g={config.lr_g / 10:g} lr_d={config.lr_d / 10:g}"
    advice = f"resume from the last saved state with --set {lower}, or" if state_saved else f"for example {lower};"
    return RunError(f"{DIVERGED}: after {nimg:,} pictures {seen}.{ADVICE}: {advice} start a new run.")
