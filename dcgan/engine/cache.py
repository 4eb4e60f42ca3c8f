"""A thread-safe LRU cache that computes each value once, even if several threads request it at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

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
        tries again.
        """
        with self._lock:
            entry = self._entries.get(name)
            if entry is not None and entry[0] == version:
                self._entries.move_to_end(name)
                future, is_new = entry[1], False
            else:
                future, is_new = Future(), True
                self._entries[name] = (version, future)
                self._entries.move_to_end(name)
                while len(self._entries) > self.size:
                    self._entries.popitem(last=False)
        if is_new:
            try:
                future.set_result(make())
            except BaseException as error:
                future.set_exception(error)
                with self._lock:
                    if self._entries.get(name, (None, None))[1] is future:
                        del self._entries[name]
        return future.result()
