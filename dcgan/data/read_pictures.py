"""Read many picture files into one tensor, skipping damaged ones."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from torch import Tensor

from dcgan.data.colour import to_channels
from dcgan.data.dataset import OnProgress, ThrottledProgress, allocate
from dcgan.data.decode import Picture
from dcgan.errors import DatasetError

MAX_WORKERS = 4
HELD_AHEAD = 32 * 2**20
NAMED = 3  # damaged files named in an error


@dataclass(frozen=True)
class Item:
    """A picture to read: its name and a function. `read` raises DatasetError with the reason to skip it.

    held: bytes that wait in memory until it is read.
    """

    name: str
    read: Callable[[], Picture]
    held: int = 0


@dataclass(frozen=True)
class ReadPictures:
    """pictures: uint8 [N, nc, S, S]; the other fields are those of `Dataset`."""

    pictures: Tensor
    skipped: tuple[str, ...]
    original_size: str
    grayscale: bool
    total: int | None


def read_pictures(
    items: Iterable[Item],
    count: int,
    where: str,
    size: int,
    nc: int,
    on_progress: OnProgress | None = None,
    first: int | None = None,
) -> ReadPictures:
    """Read `count` items in order, on a few threads, or only until `first` pictures have been read.

    Raises DatasetError if fewer than two can be read.
    """
    pictures = allocate(count, nc, size, first)
    pace = ThrottledProgress(on_progress, count)
    skipped: list[str] = []
    sizes: set[tuple[int, int]] = set()
    grayscale, kept, done = True, 0, 0
    for done, (name, future) in enumerate(_ahead(items), start=1):
        try:
            picture = future.result()
        except DatasetError as error:
            skipped.append(f"{name}: {error}")
        else:
            pictures[kept] = to_channels(picture.pixels[None], nc)[0]
            sizes.add(picture.size)
            grayscale = grayscale and picture.gray
            kept += 1
        pace(done)
        if kept == len(pictures):
            break
    if kept < 2:
        named = "; ".join(skipped[:NAMED]) + ("; …" if len(skipped) > NAMED else "")
        number = "None" if kept == 0 else "Only one"
        raise DatasetError(
            f"{number} of the {count:,} pictures in {where} could be read, at least 2 are needed: {named}."
        )
    # Of those beyond the first, nobody knows how many are damaged.
    total = None if first is None or done == count else count - len(skipped)
    return ReadPictures(pictures[:kept], tuple(skipped), _size_words(sizes), grayscale, total)


def _ahead(items: Iterable[Item]) -> Iterator[tuple[str, Future[Picture]]]:
    """Yield items in order while threads read a few ahead, which hold at most `HELD_AHEAD` bytes.

    Pillow releases Python's lock while it decodes and resizes, which is 70 % of the time for small JPEGs and more for
    large ones, so threads run in parallel.
    """
    workers = min(MAX_WORKERS, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers, thread_name_prefix="pictures") as pool:
        waiting: deque[tuple[Item, Future[Picture]]] = deque()
        held = 0
        for item in items:
            waiting.append((item, pool.submit(item.read)))
            held += item.held
            while waiting and (len(waiting) > 2 * workers or held > HELD_AHEAD):
                done, future = waiting.popleft()
                wait([future])
                held -= done.held
                yield done.name, future
        for item, future in waiting:
            yield item.name, future


def _size_words(sizes: set[tuple[int, int]]) -> str:
    if len(sizes) > 1:
        return "several sizes"
    ((width, height),) = sizes
    return f"{width} × {height}"
