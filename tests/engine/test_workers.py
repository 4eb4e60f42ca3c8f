"""The worker threads."""

import threading
import time

import pytest
import torch
from waiting import wait_until

from dcgan.engine.background import begin_background_work
from dcgan.engine.workers import MOST_PASSED_BY, Workers


@pytest.fixture
def workers():
    """Two worker threads, ended after the test."""
    pair = Workers(2)
    yield pair
    pair.close()


def test_results_come_in_order(workers):
    """Results are in the order of the items, even if a later task ends first."""

    def task(number):
        time.sleep(0.01 if number % 2 else 0)
        return number

    assert list(workers.map(task, range(20))) == list(range(20))


def test_each_worker_computes_on_one_core(workers):
    """Within a task torch uses one thread, regardless of the process's setting."""
    assert set(workers.map(lambda _: torch.get_num_threads(), range(8))) == {1}


def test_items_are_taken_lazily(workers):
    """Taking one result takes only `ahead` items of an endless iterator."""

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


def test_a_single_task_runs_between_those_of_a_long_map(workers):
    """While a thousand tasks are mapped, another task waits for fewer than twenty of them."""
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


def test_closing_the_results_cancels_queued_tasks(workers):
    """Closing the iterator of results cancels tasks that have not started."""
    ran = []
    results = workers.map(ran.append, range(1000), ahead=50)
    next(results)
    results.close()
    workers.close()
    assert len(ran) <= 50


def test_a_tasks_error_is_raised_at_its_result(workers):
    """The error of a task is raised when its result is requested."""

    def task(number):
        return 1 // number

    results = workers.map(task, [1, 0])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


@pytest.fixture
def order():
    """order(kinds) → the tasks in the order in which one busy worker starts them once it is free."""
    worker = Workers(1)

    def run(kinds):
        started, free, done = threading.Event(), threading.Event(), []

        def block(_):
            started.set()
            free.wait(30)

        def ask(kind, number):
            if kind == "background":
                begin_background_work()
            worker.run(done.append, (kind, number))

        blocker = threading.Thread(target=worker.run, args=(block, 0))
        blocker.start()
        assert started.wait(30)
        threads = []
        for number, kind in enumerate(kinds):
            threads.append(threading.Thread(target=ask, args=(kind, number)))
            threads[-1].start()
            wait_until(lambda number=number: len(worker._quick) + len(worker._background) == number + 1)
        free.set()
        for thread in (blocker, *threads):
            thread.join()
        return done

    yield run
    worker.close()


def test_background_work_lets_quick_tasks_go_first(order):
    """Quick tasks that come later start before background tasks that wait; each kind keeps its order."""
    done = order(["background", "background", "quick", "quick"])
    assert done == [("quick", 2), ("quick", 3), ("background", 0), ("background", 1)]


def test_background_work_never_starves(order):
    """A background task waits for at most MOST_PASSED_BY quick ones."""
    kinds = [kind for kind, _ in order(["background"] + ["quick"] * (MOST_PASSED_BY + 5))]
    assert kinds.index("background") == MOST_PASSED_BY
