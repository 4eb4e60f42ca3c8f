"""The numbers that training steps return, kept on the device until they are reported."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

from dcgan.training.step import STATS

RECENT_STEPS = 10


class StepStats:
    """The STATS of the steps since the last report, and of the last RECENT_STEPS steps.

    Reading a number waits for the device, so it is not done at every step.
    """

    def __init__(self) -> None:
        self._since_report: list[Tensor] = []
        self._recent: deque[Tensor] = deque(maxlen=RECENT_STEPS)

    def add(self, stats: Tensor) -> None:
        """Add the numbers of one step."""
        self._since_report.append(stats)
        self._recent.append(stats)

    def last(self) -> dict[str, float]:
        """Return the numbers of the last step."""
        return _named(self._recent[-1])

    def recent_means(self) -> dict[str, float]:
        """Return the means over the last RECENT_STEPS steps; nothing before the first step."""
        return _named(torch.stack([*self._recent]).double().mean(0)) if self._recent else {}

    def pop_means(self) -> dict[str, float]:
        """Return the means since the last call."""
        means = torch.stack(self._since_report).double().mean(0)
        self._since_report.clear()
        return _named(means)

    def not_finite(self) -> set[str]:
        """Return the names of numbers that were NaN or infinite in a step since the last report, or in a recent one."""
        steps = [*self._since_report, *self._recent]
        if not steps:
            return set()
        finite = torch.isfinite(torch.stack(steps)).all(0).tolist()
        return {name for name, is_finite in zip(STATS, finite, strict=True) if not is_finite}


def _named(stats: Tensor) -> dict[str, float]:
    return dict(zip(STATS, stats.double().cpu().tolist(), strict=True))
