"""A thread-safe LRU cache that computes each value once, even if several threads request it at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from dcgan.errors import Cancelled

T = TypeVar("T")


class VersionedCache(Generic[T]):
    """Caches the `size` most recently used values, one per name; a new version replaces the old one. Thread-safe."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[str, Future[T]]] = OrderedDict()

    def get(self, name: str, version: str, make: Callable[[], T]) -> T:
        """Return the value of a name; `make` computes it if this version is not cached.

        Concurrent callers wait for one computation. If `make` raises, all of them get the error, and the next call
        tries again. If it raises Cancelled, only its own caller gets that, and one of the others computes the value.
        """
        while True:
            future, is_new = self._entry(name, version)
            if is_new:
                try:
                    future.set_result(make())
                except BaseException as error:
                    with self._lock:
                        if self._entries.get(name, (None, None))[1] is future:
                            del self._entries[name]
                    future.set_exception(error)
            try:
                return future.result()
            except Cancelled:
                if is_new:
                    raise

    def _entry(self, name: str, version: str) -> tuple[Future[T], bool]:
        """Return the future of this version, and whether it is new, so that the caller must compute it."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is not None and entry[0] == version:
                self._entries.move_to_end(name)
                return entry[1], False
            future: Future[T] = Future()
            self._entries[name] = (version, future)
            self._entries.move_to_end(name)
            while len(self._entries) > self.size:
                self._entries.popitem(last=False)
            return future, True
