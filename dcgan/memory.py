"""Memory that was freed goes back to the operating system. Linux with glibc; elsewhere these functions do nothing."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

M_ARENA_MAX = -8  # of malloc.h
ARENAS = 2


def share_arenas() -> None:
    """Let all threads allocate from two arenas. By default each of some threads has one, which keeps what it freed.

    To be called before threads are started.
    """
    if mallopt := _glibc("mallopt"):
        mallopt(M_ARENA_MAX, ARENAS)


def trim_memory() -> None:
    """Return freed memory to the operating system; glibc keeps it otherwise."""
    if trim := _glibc("malloc_trim"):
        trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None  # musl has neither
