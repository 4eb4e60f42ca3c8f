"""A small cache that threads share: each value is made once, however many ask for it at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class VersionedCache(Generic[T]):
    """Keeps the `size` values that were used last, one per name; a new version of a name replaces the old one."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[str, Future[T]]] = OrderedDict()

    def get(self, name: str, version: str, make: Callable[[], T]) -> T:
        """The value of a name, made by `make` if this version is not there yet.

        Who asks while it is being made waits for it. If `make` raises, all who waited get the error, and the next one
        who asks tries again.
        """
        with self._lock:
            entry = self._entries.get(name)
            if entry is not None and entry[0] == version:
                self._entries.move_to_end(name)
                future, mine = entry[1], False
            else:
                future, mine = Future(), True
                self._entries[name] = (version, future)
                self._entries.move_to_end(name)
                while len(self._entries) > self.size:
                    self._entries.popitem(last=False)
        if mine:
            try:
                future.set_result(make())
            except BaseException as error:
                future.set_exception(error)
                with self._lock:
                    if self._entries.get(name, (None, None))[1] is future:
                        del self._entries[name]
        return future.result()
