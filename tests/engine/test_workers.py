"""The renderer's threads."""

import threading
import time

import pytest
import torch

from dcgan.engine.workers import Workers


@pytest.fixture
def workers():
    """Two threads, ended after the test."""
    pair = Workers(2)
    yield pair
    pair.close()


def test_results_come_in_order(workers):
    """Whichever task ends first, results are in the order of the items."""

    def task(number):
        time.sleep(0.01 if number % 2 else 0)
        return number

    assert list(workers.map(task, range(20))) == list(range(20))


def test_each_worker_computes_on_one_core(workers):
    """Inside a task torch uses a single thread, whatever the process is set to."""
    assert set(workers.map(lambda _: torch.get_num_threads(), range(8))) == {1}


def test_items_are_taken_as_they_are_needed(workers):
    """Taking one result does not run through an endless source."""

    def endless():
        number = 0
        while True:
            taken.append(number)
            yield number
            number += 1

    taken = []
    results = workers.map(lambda number: number, endless(), ahead=4)
    assert next(results) == 0
    assert len(taken) == 4
    results.close()


def test_a_short_job_gets_in_between_a_long_one(workers):
    """While a thousand tasks are being mapped, one more waits for a few of them, not for all."""
    done = []
    started = threading.Event()

    def task(number):
        started.set()
        time.sleep(0.002)
        done.append(number)

    long_job = threading.Thread(target=lambda: list(workers.map(task, range(1000))))
    long_job.start()
    started.wait(10)
    before = len(done)
    workers.run(lambda _: None, 0)
    assert len(done) - before < 20
    long_job.join()


def test_what_is_queued_is_dropped_with_its_reader(workers):
    """Closing the results cancels what has not begun."""
    ran = []
    results = workers.map(ran.append, range(1000), ahead=50)
    next(results)
    results.close()
    workers.close()
    assert len(ran) <= 50


def test_an_error_reaches_the_reader(workers):
    """A task's error is raised where its result would have been taken."""

    def task(number):
        return 1 // number

    results = workers.map(task, [1, 0])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
