"""The cache that threads share."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dcgan.engine.cache import VersionedCache


def test_a_value_is_made_once_however_many_ask():
    """Eight threads that ask at the same time get one and the same value, made once."""
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
    """Another version is made anew; the same one is kept."""
    cache = VersionedCache(2)
    assert cache.get("a", "1", lambda: "old") == "old"
    assert cache.get("a", "1", lambda: "never") == "old"
    assert cache.get("a", "2", lambda: "new") == "new"


def test_the_least_used_value_goes_first():
    """With room for two, the third name pushes out the one that was used longest ago."""
    cache = VersionedCache(2)
    for name in ("a", "b", "a", "c"):
        cache.get(name, "1", lambda name=name: name)
    assert cache.get("a", "1", lambda: "remade") == "a"
    assert cache.get("b", "1", lambda: "remade") == "remade"


def test_a_failure_is_told_and_not_kept():
    """An error reaches the one who asked, and the next one who asks tries again."""
    cache = VersionedCache(2)

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cache.get("a", "1", fail)
    assert cache.get("a", "1", lambda: "yes") == "yes"
