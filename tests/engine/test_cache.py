"""The versioned LRU cache."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dcgan.engine.cache import VersionedCache
from dcgan.errors import Cancelled


def test_concurrent_requests_compute_a_value_once():
    """Eight threads that request a value at the same time get the same object, computed once."""
    cache, made, gate = VersionedCache(2), [], threading.Event()

    def make():
        gate.wait(10)
        made.append(1)
        return object()

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(cache.get, "a", "1", make) for _ in range(8)]
        gate.set()
        values = [future.result(10) for future in futures]
    assert len(made) == 1
    assert all(value is values[0] for value in values)


def test_a_new_version_replaces_the_old_one():
    """A new version is computed; the same version is returned from the cache."""
    cache = VersionedCache(2)
    assert cache.get("a", "1", lambda: "old") == "old"
    assert cache.get("a", "1", lambda: "never") == "old"
    assert cache.get("a", "2", lambda: "new") == "new"


def test_the_least_recently_used_value_is_removed():
    """In a cache of two, a third name replaces the least recently used one."""
    cache = VersionedCache(2)
    for name in ("a", "b", "a", "c"):
        cache.get(name, "1", lambda name=name: name)
    assert cache.get("a", "1", lambda: "remade") == "a"
    assert cache.get("b", "1", lambda: "remade") == "remade"


def test_an_error_is_raised_and_not_cached():
    """An error of the computation is raised to the caller, and the next call computes again."""
    cache = VersionedCache(2)

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cache.get("a", "1", fail)
    assert cache.get("a", "1", lambda: "yes") == "yes"


def test_a_caller_who_leaves_takes_the_value_from_nobody_else():
    """Cancelled reaches only the caller whose computation raised it; one who waits computes the value instead."""
    cache, computing, waiting = VersionedCache(2), threading.Event(), threading.Event()
    got = []

    def leave():
        computing.set()
        assert waiting.wait(30)
        raise Cancelled

    def wait():
        assert computing.wait(30)
        waiting.set()
        got.append(cache.get("a", "1", lambda: "yes"))

    waiter = threading.Thread(target=wait)
    waiter.start()
    with pytest.raises(Cancelled):
        cache.get("a", "1", leave)
    waiter.join(30)
    assert got == ["yes"]
