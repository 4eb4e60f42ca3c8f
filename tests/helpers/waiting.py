"""Waiting for an event that the program announces nowhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], seconds: float = 120, interval: float = 0.05) -> T:
    """Call `condition` until it returns something true, and return that. Fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not true within {seconds} seconds: {found!r}"
        time.sleep(interval)
    return found
