"""A data set in memory: every picture as uint8, and where it came from."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from dcgan.errors import DatasetError

Progress = Callable[[int, int], None]  # pictures read, pictures in all

MEMORY_LIMIT = 8 * 2**30
PROGRESS_SECONDS = 0.2


@dataclass(frozen=True)
class Dataset:
    """Pictures and their description.

    `pictures` is uint8 [N, nc, S, S]. `grayscale` says that the originals carry no colour, whatever nc is. `source` is
    one sentence: where the pictures come from and how they were read. `skipped` has a "name: reason" for each file
    that was passed over. `factors` (doodles only) has what was drawn: name → int64 [N].
    """

    pictures: Tensor
    name: str
    spec: str
    original_size: str
    source: str
    skipped: tuple[str, ...] = ()
    grayscale: bool = False
    factors: Mapping[str, Tensor] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of pictures."""
        return self.pictures.shape[0]

    @property
    def description(self) -> str:
        """Everything a person wants to know before training on it, in one or two sentences."""
        kind = "gray" if self.grayscale else "colour"
        text = f"{self.count:,} {kind} pictures ({self.original_size}): {self.source}"
        if self.skipped:
            files = "1 file was" if len(self.skipped) == 1 else f"{len(self.skipped):,} files were"
            text += f" {files} skipped, the first: {self.skipped[0]}."
        return text


def allocate(count: int, nc: int, size: int) -> Tensor:
    """Room for `count` pictures: uint8 [count, nc, size, size]. Raises DatasetError as the two checks below do."""
    check_count(count)
    check_memory(count, nc, size)
    return torch.empty((count, nc, size, size), dtype=torch.uint8)


def check_memory(count: int, nc: int, size: int) -> None:
    """Raises DatasetError where so many pictures would take more than `MEMORY_LIMIT` bytes."""
    need = count * nc * size * size
    if need > MEMORY_LIMIT:
        raise DatasetError(
            f"{count:,} pictures of {size} × {size} would take {need / 2**30:.1f} GiB of memory, more than the "
            f"{MEMORY_LIMIT / 2**30:.0f} GiB allowed: take fewer pictures or a smaller image_size."
        )


def check_count(count: int) -> None:
    """Raises DatasetError unless there are pictures to learn from."""
    if count < 2:
        found = "no picture" if count == 0 else "only one picture"
        raise DatasetError(f"There is {found} to learn from: at least 2 are needed, a few thousand for a good result.")


class Pace:
    """Passes progress on a few times a second, and at the end, however often it is called."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._next = 0.0

    def __call__(self, done: int) -> None:
        """`done` pictures of the total are ready."""
        now = time.monotonic()
        if self._progress is not None and (done == self._total or now >= self._next):
            self._next = now + PROGRESS_SECONDS
            self._progress(done, self._total)
