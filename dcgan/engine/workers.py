"""The threads that do all of a renderer's arithmetic: one picture a task, first come, first folded."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")


def available_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """A fixed number of threads, each of which computes on one core.

    Fifty visitors then mean a queue, not fifty threads that fight for two cores. And one picture never being spread
    over cores or sharing a matrix product with another is what makes it the same to the last bit every time.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        # set_num_threads counts per thread: each worker has to say it for itself.
        self._pool = ThreadPoolExecutor(count, "renderer", initializer=torch.set_num_threads, initargs=(1,))

    def run(self, task: Callable[[T], R], item: T) -> R:
        """Runs one task and waits for it."""
        return self._pool.submit(task, item).result()

    def map(self, task: Callable[[T], R], items: Iterable[T], ahead: int | None = None) -> Iterator[R]:
        """Runs a task on each item, lazily, and yields the results in order.

        No more than `ahead` tasks (two per thread) are queued at a time, so a long film lets others in between. What
        is queued is dropped when the caller stops taking results.
        """
        ahead = ahead or 2 * self.count
        pending: deque[Future[R]] = deque()
        try:
            for item in items:
                pending.append(self._pool.submit(task, item))
                if len(pending) >= ahead:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    def close(self) -> None:
        """Ends the threads once their queue is done."""
        self._pool.shutdown()
