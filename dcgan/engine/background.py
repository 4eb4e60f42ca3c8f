"""Work for which a visitor waits some seconds anyway, such as a film: it lets quick requests go first.

The worker threads take tasks of such work only while no other task waits (`workers.py`), and on Linux its own thread,
with those that a video encoder starts from it, has a lower priority.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from contextvars import ContextVar

NICER = 10  # of 19: a thread of usual priority gets about nine times as much of a core that both want

_in_background: ContextVar[bool] = ContextVar("in_background", default=False)


def begin_background_work() -> None:
    """Declare what this thread does from now on to be background work. For a thread that ends with the work."""
    _in_background.set(True)
    if sys.platform == "linux":  # elsewhere a priority is the whole process's
        thread = threading.get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICER)


def in_background() -> bool:
    """Whether the caller is background work."""
    return _in_background.get()
