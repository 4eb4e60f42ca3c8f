"""A data set in memory: all pictures as uint8, and their description."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from dcgan.data.decode import FORMAT_WORDS
from dcgan.data.picture_files import kinds_in_words
from dcgan.errors import DatasetError

OnProgress = Callable[[int, int], None]  # (pictures read, pictures in total)

FEW = 300  # pictures below which a data set is small
ENOUGH = "a few hundred pictures give varied results, a few thousand good ones"
MEMORY_LIMIT = 8 * 2**30
PROGRESS_SECONDS = 0.2


@dataclass(frozen=True)
class Dataset:
    """Pictures and their description.

    pictures: uint8 [N, nc, S, S].
    grayscale: whether the originals have no colour, whatever nc is.
    source: a sentence that says where the pictures come from and how they were read.
    skipped: "name: reason" for each file that could not be read.
    other_kinds: files that are no pictures, {".txt": 3}.
    factors: doodles only; what each picture shows, name → int64 [N].
    total: pictures of the whole data set, where only its first ones were read.
    """

    pictures: Tensor
    name: str
    spec: str
    original_size: str
    source: str
    skipped: tuple[str, ...] = ()
    other_kinds: Mapping[str, int] = field(default_factory=dict)
    grayscale: bool = False
    factors: Mapping[str, Tensor] = field(default_factory=dict)
    total: int | None = None

    @property
    def count(self) -> int:
        """Number of pictures."""
        return self.pictures.shape[0]

    @property
    def description(self) -> str:
        """What to know before training on it, in one or two sentences."""
        kind = "gray" if self.grayscale else "colour"
        total = self.count if self.total is None else self.total
        text = f"{total:,} {kind} pictures ({self.original_size}): {self.source}"
        if self.skipped:
            pictures = "1 picture" if len(self.skipped) == 1 else f"{len(self.skipped):,} pictures"
            text += f" {pictures} could not be read, the first: {self.skipped[0]}."
        if self.other_kinds:
            text += f" Skipped: {kinds_in_words(self.other_kinds)}, which are not {FORMAT_WORDS}."
        return f"{text} {warning}" if (warning := warn_of_few(total)) else text


def warn_of_few(count: int) -> str:
    """Return a warning about a data set of so few pictures, or "" if there are enough."""
    if count >= FEW:
        return ""
    return f"Only {count} pictures: G will repeat them; {ENOUGH}. The batch is at most {count}."


def allocate(count: int, nc: int, size: int, first: int | None = None) -> Tensor:
    """Allocate uint8 [count, nc, size, size], or only for the `first` of so many pictures.

    Raises DatasetError for a whole data set that `check_count` or `check_memory` refuses.
    """
    check_count(count)
    check_memory(count, nc, size)
    return torch.empty((count if first is None else min(count, first), nc, size, size), dtype=torch.uint8)


def check_memory(count: int, nc: int, size: int) -> None:
    """Raise DatasetError if the pictures would take more than MEMORY_LIMIT bytes."""
    need = count * nc * size * size
    if need > MEMORY_LIMIT:
        raise DatasetError(
            f"{count:,} pictures of {size} × {size} would take {need / 2**30:.1f} GiB of memory, more than the "
            f"{MEMORY_LIMIT / 2**30:.0f} GiB allowed: take fewer pictures or a smaller image_size."
        )


def check_count(count: int) -> None:
    """Raise DatasetError for fewer than two pictures."""
    if count < 2:
        found = "no picture" if count == 0 else "only one picture"
        raise DatasetError(f"There is {found} to train on: at least 2 are needed; {ENOUGH}.")


class ThrottledProgress:
    """Calls `on_progress` at most a few times a second, and once at the end."""

    def __init__(self, on_progress: OnProgress | None, total: int) -> None:
        self._on_progress = on_progress
        self._total = total
        self._next = 0.0

    def __call__(self, done: int) -> None:
        """Report that `done` pictures of the total have been read."""
        now = time.monotonic()
        if self._on_progress is not None and (done == self._total or now >= self._next):
            self._next = now + PROGRESS_SECONDS
            self._on_progress(done, self._total)
