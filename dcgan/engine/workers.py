"""Worker threads that compute pictures, one per task, in the order of arrival."""

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
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """A fixed number of threads, each of which computes on one core.

    Visitors' tasks wait in one queue instead of competing for the cores. No picture is split over cores or batched with
    another one, so it is the same bit for bit every time.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        # torch.set_num_threads applies per thread, so each worker calls it.
        self._pool = ThreadPoolExecutor(count, "renderer", initializer=torch.set_num_threads, initargs=(1,))

    def run(self, task: Callable[[T], R], item: T) -> R:
        """Run one task and wait for its result."""
        return self._pool.submit(task, item).result()

    def map(self, task: Callable[[T], R], items: Iterable[T], ahead: int | None = None) -> Iterator[R]:
        """Run a task on each item lazily and yield the results in order.

        At most `ahead` tasks (default: two per thread) are queued at a time, so that other visitors' tasks run in
        between. Queued tasks are cancelled when the caller stops iterating.
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
        """End the threads once their queue is empty."""
        self._pool.shutdown()
