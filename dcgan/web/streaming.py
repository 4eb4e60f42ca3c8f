"""Work that takes long, as one request: the answer is the progress, a line of JSON each; to disconnect cancels it.

The lines are {"waiting": true, "place"} when the place in the queue changes, then what the work reports, and last
its result or {"error": sentence}. There is no list of tasks to keep, to poll or to forget.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from dcgan.engine.background import begin_background_work
from dcgan.errors import Cancelled, DCGANError
from dcgan.memory import trim_memory
from dcgan.web.client import Client, acting_for
from dcgan.web.http import log
from dcgan.web.limiters import Limiter, call_soon

PAUSE = 0.1  # seconds between two lines; what is reported in between replaces what was not yet sent


class StreamedTask:
    """What a piece of work sees of its request."""

    def __init__(self, on_report: Callable[[Mapping[str, Any]], None]) -> None:
        self._on_report = on_report
        self.client = Client()

    def report(self, **fields: Any) -> None:
        """Send a line, unless a newer report comes first."""
        self._on_report(fields)

    def cancel(self) -> None:
        """Ask the work to stop."""
        self.client.leave()

    def cancelled(self) -> bool:
        """Whether the work is to stop."""
        return self.client.gone

    def check(self) -> None:
        """Raise Cancelled when the work is to stop."""
        self.client.check()


class StreamedResponse(StreamingResponse):
    """Runs `work(task)` on a thread of its own once the limiter lets it, and sends its progress and its result.

    It takes its place in the queue as soon as it is made. `name` is the thread's; `failure` is the sentence for a fault
    of ours, whose details go to the log.
    """

    def __init__(
        self, name: str, limiter: Limiter, work: Callable[[StreamedTask], Mapping[str, Any]], failure: str
    ) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(self._lines(), media_type="application/x-ndjson", headers=headers)
        self._name, self._work, self._failure = name, work, failure
        self._loop = asyncio.get_running_loop()
        self._task = StreamedTask(lambda fields: call_soon(self._loop, self._show, fields))
        # All of this changes on the event loop only, so that it needs no lock.
        self._changed, self._finished = asyncio.Event(), asyncio.Event()
        self._line: Mapping[str, Any] | None = None
        self._result: Mapping[str, Any] = {}
        self._started = False
        self._turn = limiter.join(lambda place: call_soon(self._loop, self._move, place))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request. Whichever way it ends, the work is cancelled or its place in the queue given up."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._task.cancel()
            if not self._started:
                self._turn.leave()

    async def _lines(self) -> AsyncIterator[str]:
        while not self._finished.is_set():
            await self._changed.wait()
            self._changed.clear()
            for line in self._take():
                yield line
            with suppress(TimeoutError):
                await asyncio.wait_for(self._finished.wait(), PAUSE)
        for line in self._take():
            yield line
        yield to_line(self._result)

    def _take(self) -> list[str]:
        """The line that is to be sent, if there is one."""
        line, self._line = self._line, None
        return [] if line is None else [to_line(line)]

    def _move(self, place: int) -> None:
        if place:
            self._show({"waiting": True, "place": place})
        elif not self._task.cancelled():
            self._started = True
            threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def _show(self, fields: Mapping[str, Any]) -> None:
        self._line = fields
        self._changed.set()

    def _finish(self, result: Mapping[str, Any]) -> None:
        self._result = result
        self._finished.set()
        self._changed.set()

    def _run(self) -> None:
        """On the work's own thread. The slot is held until the work has ended, also when it is cancelled."""
        begin_background_work()
        result: Mapping[str, Any] = {"error": self._failure}
        try:
            with acting_for(self._task.client):
                result = self._work(self._task)
        except Cancelled:
            pass  # nobody reads the result
        except DCGANError as error:
            result = {"error": str(error)}
        except Exception:
            log.exception("%s failed", self._name)
        finally:
            trim_memory()
            self._turn.leave()
            call_soon(self._loop, self._finish, result)


def to_line(fields: Mapping[str, Any]) -> str:
    """A line of JSON."""
    return json.dumps(fields) + "\n"
