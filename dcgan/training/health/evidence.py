"""What the alarms look at: a run's newest numbers and its newest grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dcgan.images import Array
from dcgan.training.best import Score

MetricsLine = Mapping[str, float]  # nimg, seconds, losses, D(x), D(G(z)), speed
# Losses and D are not judged in the first tenth of a run: until G draws anything at all, D recognises its pictures, and
# both losses swing, also in runs that end well.
EARLY = 0.1
# Numbers are means over this many lines of metrics.jsonl, each itself a mean of at least ten steps, because single
# steps swing: D(x) of a healthy run varies by up to 0.15 from line to line.
WINDOW = 10


@dataclass(frozen=True)
class Evidence:
    """A run as the alarms see it.

    `metrics` and `scores` are lines of metrics.jsonl and scores.jsonl in order, at least the newest WINDOW of the
    former and all of the latter. `fakes` is the newest sample grid and `reals` the grid of real pictures, cut into
    uint8 [N, S, S, 3]; None where there is none.
    """

    metrics: Sequence[MetricsLine]
    scores: Sequence[Score] = ()
    nimg: int = 0
    total: int = 0
    count: int = 0  # pictures in the data set
    augmentations: Sequence[str] = ()
    failure: str = ""  # the sentence with which the run failed
    fakes: Array | None = field(default=None, repr=False)
    reals: Array | None = field(default=None, repr=False)

    @property
    def share(self) -> float:
        """How much of the run is done, 0 … 1."""
        return self.nimg / self.total if self.total else 0.0

    @property
    def early(self) -> bool:
        """Whether it is too early to judge the run by its losses and D."""
        lines = self.metrics[-WINDOW:]
        return len(lines) < WINDOW or lines[0]["nimg"] < EARLY * self.total

    def mean(self, name: str) -> float:
        """Return the mean of a number over the last WINDOW lines."""
        lines = self.metrics[-WINDOW:]
        return sum(line[name] for line in lines) / len(lines)
