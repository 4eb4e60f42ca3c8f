"""Worker threads that compute pictures, one per task: quick requests first, then background work."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import torch

from dcgan.engine.background import in_background

T = TypeVar("T")
R = TypeVar("R")

# So background work goes on, slowly, even where quick tasks always wait.
MOST_PASSED_BY = 8


def available_cores() -> int:
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """A fixed number of threads, each of which computes on one core.

    Visitors' tasks wait in two queues instead of competing for the cores: those of background work start only while no
    other task waits, or after MOST_PASSED_BY others. No picture is split over cores or batched with another one, so it
    is the same bit for bit every time.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        # torch.set_num_threads applies per thread, so each worker calls it.
        self._pool = ThreadPoolExecutor(count, "renderer", initializer=torch.set_num_threads, initargs=(1,))
        self._lock = threading.Lock()
        self._quick: deque[Callable[[], None]] = deque()
        self._background: deque[Callable[[], None]] = deque()
        self._passed_by = 0  # quick tasks that started while a background task waited

    def run(self, task: Callable[[T], R], item: T) -> R:
        """Run one task and wait for its result."""
        return self._submit(task, item).result()

    def map(self, task: Callable[[T], R], items: Iterable[T], ahead: int | None = None) -> Iterator[R]:
        """Run a task on each item lazily and yield the results in order.

        At most `ahead` tasks (default: two per thread) are queued at a time, so that other visitors' tasks run in
        between. Queued tasks are cancelled when the caller stops iterating.
        """
        ahead = ahead or 2 * self.count
        pending: deque[Future[R]] = deque()
        try:
            for item in items:
                pending.append(self._submit(task, item))
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

    def _submit(self, task: Callable[[T], R], item: T) -> Future[R]:
        future: Future[R] = Future()

        def compute() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(task(item))
            except BaseException as error:
                future.set_exception(error)

        with self._lock:
            (self._background if in_background() else self._quick).append(compute)
        # As many calls as there are tasks: each takes the task that is next when a thread is free.
        self._pool.submit(self._compute_next)
        return future

    def _compute_next(self) -> None:
        with self._lock:
            wait = self._background and self._quick and self._passed_by < MOST_PASSED_BY
            queue = self._quick if wait or not self._background else self._background
            self._passed_by = self._passed_by + 1 if wait else 0
            compute = queue.popleft()
        compute()
