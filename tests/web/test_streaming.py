"""Answers that report progress: their lines, what ends them, and what they leave behind."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import pytest
from run_async import run_async
from starlette.requests import ClientDisconnect
from waiting import wait_until

from dcgan.errors import Cancelled, RequestError
from dcgan.web.limiters import Limiter
from dcgan.web.streaming import PAUSE, StreamedResponse
from dcgan.web.temporary_files import TemporaryFiles

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}
NEWER_SCOPE = {"type": "http", "asgi": {"spec_version": "2.4"}}  # where sending to nobody raises


class Reader:
    """A client: collects the lines of an answer, each with the time it came, until `disconnect`."""

    def __init__(self) -> None:
        self.lines: list[dict] = []
        self.times: list[float] = []
        self._gone = asyncio.Event()

    def disconnect(self) -> None:
        self._gone.set()

    async def read(self, response: StreamedResponse) -> list[dict]:
        async def receive():
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            for line in message.get("body", b"").splitlines():
                self.lines.append(json.loads(line))
                self.times.append(time.monotonic())

        await response(SCOPE, receive, send)
        return self.lines

    async def read_until(self, response: StreamedResponse, count: int) -> asyncio.Task:
        """Read on in a task; returns once `count` lines have come."""
        task = asyncio.create_task(self.read(response))
        while len(self.lines) < count:
            await asyncio.sleep(0.01)
        return task


def respond(limiter, work):
    return StreamedResponse("task", limiter, work, "It could not be done.")


def report_slowly(task):
    """Work that reports five times, each time after the last report was sent."""
    for done in range(5):
        task.report(done=done)
        time.sleep(2 * PAUSE)
    return {"result": True}


async def answer(limiter, work):
    """All lines of an answer that is read to its end."""
    return await asyncio.wait_for(Reader().read(respond(limiter, work)), 60)


def test_the_result_is_the_last_line():
    """Work that reports nothing gives one line; a report before the end is not lost."""

    def reports(task):
        task.report(done=1)
        task.report(done=2)
        return {"result": 3}

    async def visit():
        plain = await answer(Limiter(1), lambda task: {"result": 3})
        return plain, await answer(Limiter(1), reports)

    plain, reported = run_async(visit())
    assert plain == [{"result": 3}]
    assert reported[-2:] == [{"done": 2}, {"result": 3}]


def test_reports_are_thinned_not_queued():
    """A thousand reports in half a second become a few lines, the newest of each moment, and end with the last."""

    def work(task):
        for done in range(1000):
            task.report(done=done)
            time.sleep(0.0005)
        return {"result": True}

    lines = run_async(answer(Limiter(1), work))
    done = [line["done"] for line in lines[:-1]]
    assert done == sorted(done) and done[-1] == 999
    assert 3 <= len(done) < 100


def test_a_report_is_sent_when_it_is_made():
    """A line does not wait for the next one, nor for the end of the work."""
    go_on = threading.Event()

    def work(task):
        task.report(done=1)
        return {"in_time": go_on.wait(30)}

    async def visit():
        reader = Reader()
        reading = await reader.read_until(respond(Limiter(1), work), 1)
        go_on.set()
        await reading
        return reader.lines

    assert run_async(visit()) == [{"done": 1}, {"in_time": True}]


def test_an_error_is_a_sentence(caplog):
    """Our own errors are told as they are; a fault of ours is logged, and told without its details."""

    def refuses(task):
        raise RequestError("Choose another.")

    async def visit():
        refused = await answer(Limiter(1), refuses)
        return refused, await answer(Limiter(1), lambda task: 1 // 0)

    refused, failed = run_async(visit())
    assert refused == [{"error": "Choose another."}]
    assert failed == [{"error": "It could not be done."}]
    assert "ZeroDivisionError" in caplog.text


def test_disconnecting_cancels_the_work_and_frees_its_slot_when_it_has_ended():
    """Work that is told to stop still counts until it has; then the next begins."""
    limiter, go_on, ended = Limiter(1), threading.Event(), threading.Event()

    def work(task):
        task.report(done=0)
        assert go_on.wait(30) and task.cancelled()
        ended.set()
        task.check()
        raise AssertionError("a cancelled task goes on")

    async def visit():
        reader, later = Reader(), Reader()
        reading = await reader.read_until(respond(limiter, work), 1)
        reader.disconnect()
        await reading
        waiting = await later.read_until(respond(limiter, lambda task: {"after": ended.is_set()}), 1)
        go_on.set()
        await waiting
        return later.lines

    assert run_async(visit()) == [{"waiting": True, "place": 1}, {"after": True}]


def test_a_waiter_is_told_its_place_once_for_each_change_and_may_disconnect():
    """Of four, the third disconnects while it waits: it never begins, and the fourth is told each change once."""
    limiter, go_on = Limiter(1), threading.Event()
    begun: list[int] = []

    def work(number):
        def begin(task):
            begun.append(number)
            return {"in_time": go_on.wait(30)}

        return begin

    async def visit():
        readers = [Reader() for _ in range(4)]
        responses = [respond(limiter, work(number)) for number in range(4)]
        first = asyncio.create_task(readers[0].read(responses[0]))
        others = [await r.read_until(p, 1) for r, p in zip(readers[1:], responses[1:], strict=True)]
        # Another answer sends five lines with a pause before each, so one that repeated its place would have done so.
        assert len(await answer(Limiter(1), report_slowly)) == 6
        assert [len(reader.lines) for reader in readers] == [0, 1, 1, 1]
        readers[2].disconnect()
        while len(readers[3].lines) < 2:
            await asyncio.sleep(0.01)
        go_on.set()
        await asyncio.wait_for(asyncio.gather(first, *others), 30)
        return [reader.lines for reader in readers]

    lines = run_async(visit())
    assert begun == [0, 1, 3]
    assert lines[0] == [{"in_time": True}]
    assert lines[1] == [{"waiting": True, "place": 1}, {"in_time": True}]
    assert lines[2] == [{"waiting": True, "place": 2}]
    assert lines[3][:2] == [{"waiting": True, "place": 3}, {"waiting": True, "place": 2}]
    assert lines[3].count({"waiting": True, "place": 2}) == 1 and lines[3][-1] == {"in_time": True}


def test_a_reader_that_is_gone_before_the_work_begins_never_starts_it():
    """A request that ends at once gives its place up, though its turn had come."""
    limiter, begun = Limiter(1), threading.Event()

    async def visit():
        with pytest.raises(ClientDisconnect):
            await respond(limiter, lambda task: begun.set() or {})(NEWER_SCOPE, None, closed)
        return await answer(limiter, lambda task: {"served": True})

    async def closed(message):
        raise OSError

    assert run_async(visit()) == [{"served": True}]
    assert not begun.is_set()


def test_a_check_raises_only_when_cancelled():
    """`check` lets work that is wanted go on."""
    asked = threading.Event()

    def work(task):
        task.check()
        task.cancel()
        with pytest.raises(Cancelled):
            task.check()
        asked.set()
        return {}

    run_async(answer(Limiter(1), work))
    assert asked.is_set()


# ---- temporary files


def test_files_are_kept_for_their_time_by_one_thread():
    """Old files go, young ones stay, and no file brings a thread of its own."""
    files = TemporaryFiles("dcgan-test-", kept=0.3)
    before = threading.active_count()
    paths = [files.new("txt") for _ in range(20)]
    assert threading.active_count() == before + 1
    for path in paths:
        path.write_text("here")
    assert len({path.name for path in paths}) == 20
    assert files.find(paths[0].name) == paths[0]
    wait_until(lambda: not any(path.exists() for path in paths), 30)
    young = files.new("txt")
    young.write_text("here")
    files.sweep()
    assert young.exists()


def test_a_name_leads_nowhere_else(tmp_path):
    """A name with folders in it finds no file outside."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    files = TemporaryFiles("dcgan-test-")
    for name in (str(secret), "../secret.txt", "..", "", "/"):
        assert files.find(name) is None
