"""Background work and its threads."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from dcgan.engine.background import NICER, begin_background_work, in_background


def seen_on_a_thread(work):
    """What `work` returns on a thread of its own."""
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join()
    return results[0]


def test_only_the_thread_that_says_so_is_in_the_background():
    """The mark belongs to the work that set it; other threads are not marked."""

    def work():
        begin_background_work()
        return in_background(), seen_on_a_thread(in_background)

    assert seen_on_a_thread(work) == (True, False)
    assert not in_background()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a priority is the whole process's")
def test_its_threads_have_a_lower_priority():
    """The thread and those that it starts are nicer; the rest of the process is not."""

    def nice():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work():
        begin_background_work()
        return nice(), seen_on_a_thread(nice)

    usual = nice()
    assert seen_on_a_thread(work) == (min(19, usual + NICER),) * 2
    assert nice() == usual
