"""How fast a run trains, and how long the rest of it will take."""

from __future__ import annotations

import math
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

RECENT = 15  # reports, whose median is the speed


class Pace:
    """Speed of the steps between reports, and the seconds that each kind of output takes.

    The speed is the median of the last RECENT reports, so that a moment in which other programs were busy does not
    change it. Grids, snapshots and evaluations are timed apart: they are rare, and some take as long as many steps.
    """

    def __init__(self, nimg: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._nimg, self._since = nimg, clock()
        self._speeds: deque[float] = deque(maxlen=RECENT)
        self._outputs: dict[str, deque[float]] = {}

    @property
    def speed(self) -> float:
        """Pictures per second while only steps are trained; 0 before the first report."""
        return statistics.median(self._speeds) if self._speeds else 0.0

    def report(self, nimg: int) -> float:
        """Note that `nimg` pictures have been seen; return the pictures per second since the last report."""
        now = self._clock()
        speed = (nimg - self._nimg) / max(now - self._since, 1e-9)
        self._nimg, self._since = nimg, now
        self._speeds.append(speed)
        return speed

    @contextmanager
    def output(self, name: str) -> Iterator[None]:
        """Time the block as an output that the interval `name` of the configuration asks for."""
        start = self._clock()
        yield
        seconds = self._clock() - start
        self._since += seconds  # it is no part of the steps' time
        self._outputs.setdefault(name, deque(maxlen=RECENT)).append(seconds)

    def seconds_left(self, total: int, intervals: Mapping[str, int]) -> float:
        """Return the expected seconds from the last report to `total` pictures, the outputs on the way included."""
        seconds = (total - self._nimg) / self.speed
        for name, taken in self._outputs.items():
            times = math.ceil(total / intervals[name]) - self._nimg // intervals[name]  # the end of the run is one, too
            seconds += times * statistics.median(taken)
        return seconds
