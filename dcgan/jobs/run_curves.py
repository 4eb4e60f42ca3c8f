"""The curves of runs as columns of numbers, kept in memory. Each line of a file is read once.

A page that watches a run asks for its curves every second, and many pages may watch the same run. `CurveCache`
therefore reads only what a file has grown by. A file that was replaced, as by a resumed run, is read anew.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dcgan.jobs.runs import parse_lines

Columns = NDArray[np.float64]
METRICS = ("G_loss", "D_loss", "D_x", "D_G_z1", "seconds")  # columns of a run's metrics.jsonl
SCORES = ("kid", "coverage")  # columns of its scores.jsonl
KEPT_RUNS = 8  # about 5 MB for a run of 100,000 lines
FIRST_ROOM = 1024  # lines that a new curve has room for


@dataclass(frozen=True)
class Curve:
    """Lines of a file: `nimg` [N], pictures seen, rising, and the named numbers of each, NaN where there is none."""

    nimg: Columns
    values: Columns  # [N, names]

    def after(self, nimg: float) -> Curve:
        """Return the lines beyond a number of pictures."""
        start = int(np.searchsorted(self.nimg, nimg, side="right"))
        return Curve(self.nimg[start:], self.values[start:])


@dataclass(frozen=True)
class MergedCurve:
    """A curve of fewer points. Each is at its last line, and has the mean, least and greatest value of its lines."""

    nimg: Columns  # [M]
    mean: Columns  # [M, names]; NaN where no line has a value
    low: Columns
    high: Columns


def merge(curve: Curve, most: int) -> MergedCurve:
    """Merge neighbouring lines, so that about `most` points remain, and no more.

    A point covers a power of two of pictures, and begins at a multiple of it: so a page that merges further, or that
    has read the same run in other portions, comes to the same points.
    """
    if len(curve.nimg) <= most:
        return MergedCurve(curve.nimg, curve.values, curve.values, curve.values)
    width = 1.0
    while np.floor(curve.nimg[-1] / width) - np.floor(curve.nimg[0] / width) >= most:
        width *= 2
    cells = np.floor(curve.nimg / width)
    starts = np.flatnonzero(np.diff(cells, prepend=cells[0] - 1))
    known = ~np.isnan(curve.values)
    sums = np.add.reduceat(np.where(known, curve.values, 0.0), starts)
    counts = np.add.reduceat(known.astype(float), starts)
    return MergedCurve(
        curve.nimg[np.append(starts[1:], len(cells)) - 1],
        np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0),
        np.fmin.reduceat(curve.values, starts),
        np.fmax.reduceat(curve.values, starts),
    )


class CurveCache:
    """Reads `names` from JSON lines, and keeps the curves of the `size` files that were read last. Thread-safe."""

    def __init__(self, names: Sequence[str], size: int) -> None:
        self._names, self._size = tuple(names), size
        self._lock = threading.Lock()
        self._files: OrderedDict[Path, _GrowingFile] = OrderedDict()

    def read(self, path: Path) -> Curve:
        """Return all complete lines of a file; none where there is no file."""
        with self._lock:
            file = self._files.setdefault(path, _GrowingFile(path, self._names))
            self._files.move_to_end(path)
            while len(self._files) > self._size:
                self._files.popitem(last=False)
        return file.read()


class _GrowingFile:
    """The lines of one file so far, in arrays with room for more."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        self._path, self._names = path, names
        self._lock = threading.Lock()
        self._forget()

    def read(self) -> Curve:
        with self._lock:
            try:
                if _identity(self._path.stat()) != self._seen:
                    self._read_on()
            except FileNotFoundError:
                self._forget()
            return Curve(self._numbers[: self._count, 0], self._numbers[: self._count, 1:])

    def _forget(self) -> None:
        self._seen: tuple[int, int, int] | None = None  # identity of the file as it was read
        self._end = 0  # bytes of complete lines
        self._last_line = b""
        self._count = 0
        self._numbers = np.empty((FIRST_ROOM, 1 + len(self._names)))

    def _read_on(self) -> None:
        """Read what was added, or all of a file that has taken the place of the one before."""
        with self._path.open("rb") as file:
            identity = _identity(os.fstat(file.fileno()))
            file.seek(self._end - len(self._last_line))
            content = file.read()
            is_other = self._seen is not None and self._seen[0] != identity[0]
            if is_other or not content.startswith(self._last_line):
                self._forget()
                file.seek(0)
                content = file.read()
        added = content[len(self._last_line) : content.rfind(b"\n") + 1]
        for line in parse_lines(added):
            self._append([line["nimg"], *(_number(line.get(name)) for name in self._names)])
        if added:
            self._end += len(added)
            self._last_line = added[added.rfind(b"\n", 0, -1) + 1 :]
        self._seen = identity

    def _append(self, row: list[float]) -> None:
        if self._count == len(self._numbers):
            # a copy: curves that were handed out share the old array
            self._numbers = np.concatenate([self._numbers, np.empty_like(self._numbers)])
        self._numbers[self._count] = row
        self._count += 1


def _identity(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
