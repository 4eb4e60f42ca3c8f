"""The fair limits that pages and named endpoints share."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref

import pytest
from run_async import run_async

from dcgan.errors import Cancelled, RequestError
from dcgan.web.client import Client, acting_for, check_cancelled
from dcgan.web.limiters import Limiter


class Peak:
    """Counts how much work runs at the same time, and in which order it began."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.order: list[int] = []
        self._lock = threading.Lock()

    def work(self, number: int) -> int:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.order.append(number)
        time.sleep(0.02)
        with self._lock:
            self.now -= 1
        return number


@pytest.mark.parametrize("slots", [1, 2, 3])
def test_work_is_done_in_the_order_asked_for_and_never_more_at_once(slots):
    """Twelve pieces of work all get done, first come first served, with as many at a time as there are slots."""
    limiter, peak = Limiter(slots), Peak()

    async def ask_for_all():
        return await asyncio.gather(*(limiter.run(peak.work, number) for number in range(12)))

    assert run_async(ask_for_all()) == list(range(12))
    assert peak.most == slots
    if slots == 1:
        assert peak.order == list(range(12))


def test_a_place_is_told_once_for_each_change():
    """The third in the queue is told 2, 1 and 0, each once; when one behind leaves, those in front are told nothing."""
    limiter = Limiter(1)
    places: list[list[int]] = [[] for _ in range(4)]
    turns = [limiter.join(heard.append) for heard in places]
    assert places == [[0], [1], [2], [3]]
    turns[3].leave()
    assert places == [[0], [1], [2], [3]]
    turns[0].leave()
    turns[1].leave()
    assert places == [[0], [1, 0], [2, 1, 0], [3]]


def test_who_leaves_the_queue_blocks_nobody():
    """A waiter that leaves lets those behind it move up; leaving twice takes nobody else's slot."""
    limiter = Limiter(1)
    first, second, third, fourth = (limiter.join(lambda place: None) for _ in range(4))
    second.leave()
    second.leave()
    assert (first.place, third.place, fourth.place) == (0, 1, 2)
    first.leave()
    first.leave()
    assert (third.place, fourth.place) == (0, 1)


async def queued(limiter, count):
    """Let other tasks run until so many of them wait for the limiter's only slot."""
    for _ in range(1000):
        probe = limiter.join(lambda place: None)
        waiting = probe.place - 1  # without the one that holds the slot
        probe.leave()
        if waiting == count:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"{waiting} wait, not {count}")


def test_a_waiter_that_is_cancelled_leaves_the_queue():
    """The task of a request that ends while it waits gives its place up, and the next is served."""
    limiter = Limiter(1)

    async def visits():
        async with limiter.turn():
            waiter = asyncio.create_task(limiter.run(lambda: "never"))
            await queued(limiter, 1)
            behind = asyncio.create_task(limiter.run(lambda: "served"))
            await queued(limiter, 2)
            waiter.cancel()
            await queued(limiter, 1)
        return await asyncio.wait_for(behind, 10), waiter.cancelled()

    assert run_async(visits()) == ("served", True)


def test_work_that_fails_frees_its_slot():
    """An exception reaches whoever asked, and the next piece of work begins."""
    limiter = Limiter(1)

    async def visits():
        with pytest.raises(ZeroDivisionError):
            await limiter.run(lambda: 1 // 0)
        return await asyncio.wait_for(limiter.run(lambda: "served"), 10)

    assert run_async(visits()) == "served"


def test_event_loops_share_a_limit():
    """Waiters of two event loops, each in a thread of its own, are served one at a time."""
    limiter, peak = Limiter(1), Peak()

    async def ask_for(numbers):
        await asyncio.gather(*(limiter.run(peak.work, number) for number in numbers))

    threads = [threading.Thread(target=lambda n=n: run_async(ask_for(range(n, n + 5)))) for n in (0, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(peak.order) == list(range(10))
    assert peak.most == 1


def test_a_client_that_disconnects_leaves_the_queue():
    """A waiter that disconnects gets Cancelled at once and never begins; the one behind it is served."""
    limiter, client, begun = Limiter(1), Client(), threading.Event()

    async def visits():
        async with limiter.turn():
            with acting_for(client):
                waiter = asyncio.create_task(limiter.run(begun.set))
            behind = asyncio.create_task(limiter.run(lambda: "served"))
            await asyncio.sleep(0)  # both have joined the queue
            client.leave()
            with pytest.raises(Cancelled):
                await asyncio.wait_for(waiter, 10)
        return await asyncio.wait_for(behind, 10)

    assert run_async(visits()) == "served"
    assert not begun.is_set()


@pytest.mark.parametrize("ends", ["disconnects", "is cancelled"])
def test_work_that_nobody_waits_for_stops_and_holds_its_slot_until_then(ends):
    """Work that has begun is told by `check_cancelled`; the next piece begins only when it has ended."""
    limiter, client, begun, ended = Limiter(1), Client(), threading.Event(), threading.Event()

    def work():
        begun.set()
        try:
            while True:
                check_cancelled()
                time.sleep(0.01)
        finally:
            time.sleep(0.2)
            ended.set()

    async def visits():
        with acting_for(client):
            running = asyncio.create_task(limiter.run(work))
        assert await asyncio.to_thread(begun.wait, 30)
        behind = asyncio.create_task(limiter.run(ended.is_set))
        client.leave() if ends == "disconnects" else running.cancel()
        with pytest.raises((Cancelled, asyncio.CancelledError)):
            await asyncio.wait_for(running, 30)
        return await asyncio.wait_for(behind, 30)

    assert run_async(visits()) is True


def test_a_closed_connection_is_noticed_while_work_runs():
    """`run` watches the connection: when it closes, the client has left, and the work is told."""
    closed, begun = threading.Event(), threading.Event()

    async def wait_until_gone():
        await asyncio.to_thread(closed.wait, 30)

    def work():
        begun.set()
        closed.set()
        while True:
            check_cancelled()
            time.sleep(0.01)

    async def visit():
        with acting_for(Client(wait_until_gone)), pytest.raises(Cancelled):
            await asyncio.wait_for(Limiter(1).run(work), 30)

    run_async(visit())
    assert begun.is_set()


def test_no_more_wait_than_there_is_room_for():
    """With one at work and two waiting, the next gets a sentence; when one leaves, there is room again."""
    limiter = Limiter(1, most_waiting=2)
    turns = [limiter.join(lambda place: None) for _ in range(3)]
    with pytest.raises(RequestError, match="Too many others wait"):
        limiter.join(lambda place: None)
    turns[0].leave()
    assert limiter.join(lambda place: None).place == 2


def test_cancelled_work_lets_go_of_what_it_held_at_once():
    """An encoder of a film that nobody waits for is not kept by the exception that ended it, nor are its threads."""
    client, held = Client(), []

    class Encoder:
        pass

    def work():
        encoder = Encoder()
        held.append(weakref.ref(encoder))
        client.leave()
        check_cancelled()

    async def visit():
        with acting_for(client), pytest.raises(Cancelled) as raised:
            await Limiter(1).run(work)
        return raised

    gc.disable()
    try:
        raised = run_async(visit())
        assert raised.type is Cancelled and held[0]() is None
    finally:
        gc.enable()
