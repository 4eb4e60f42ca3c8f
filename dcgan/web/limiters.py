"""How much is done at once, for all visitors together. The page's routes and the named endpoints share these limits.

First come, first served: whoever waits has a place in the queue, is told when it changes, and may leave at any time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from dcgan.engine.background import begin_background_work
from dcgan.errors import Cancelled, RequestError
from dcgan.memory import trim_memory
from dcgan.web.client import current_client
from dcgan.web.settings import Settings

T = TypeVar("T")

# Requests that wait for one limiter. Each holds its body in memory, which can be a picture as text of 22 MiB.
MOST_WAITING, MOST_PHOTOS_WAITING = 200, 16
BUSY = "Too many others wait for this already; try again in a minute."
# Threads that wait for the renderer. More would not draw faster; those that come later wait without a thread.
RENDERER_THREADS = 16


class Turn:
    """A place in a limiter's queue. `place` is 0 once the work may begin, else 1 for the next in the queue, 2 …"""

    def __init__(self, limiter: Limiter, on_place: Callable[[int], None]) -> None:
        self.place = -1
        self._limiter = limiter
        self._on_place = on_place

    def move(self, place: int) -> None:
        """Tell the place if it has changed."""
        if place != self.place:
            self.place = place
            self._on_place(place)

    def leave(self) -> None:
        """Give the slot or the place in the queue to whoever comes next. A second call changes nothing."""
        self._limiter.remove(self)


class Limiter:
    """At most `slots` turns at a time; the others wait in the order in which they came. Safe to use from any thread.

    `background`: `run` lets quick requests go first; see `dcgan.engine.background`.
    """

    def __init__(self, slots: int, most_waiting: int = MOST_WAITING, background: bool = False) -> None:
        self._slots, self._most = slots, slots + most_waiting
        self._lock = threading.Lock()
        # The first `slots` of them have begun, the rest wait: leaving moves the later ones up.
        self._turns: list[Turn] = []
        self._threads = CapacityLimiter(slots)
        self._background = background

    def join(self, on_place: Callable[[int], None]) -> Turn:
        """Take a place in the queue; it must be left in the end. Raises RequestError when too many wait.

        `on_place(place)` is called with the first place and once for each change, from whichever thread causes it. It
        must return at once and must not use the limiter.
        """
        turn = Turn(self, on_place)
        with self._lock:
            if len(self._turns) >= self._most:
                raise RequestError(BUSY)
            self._turns.append(turn)
            self._tell_places()
        return turn

    def remove(self, turn: Turn) -> None:
        """See `Turn.leave`."""
        with self._lock, suppress(ValueError):
            self._turns.remove(turn)
            self._tell_places()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait without a thread until a slot is free, and hold it. Raises Cancelled if the client disconnects first."""
        client, loop, may_begin = current_client(), asyncio.get_running_loop(), asyncio.Event()
        turn = self.join(lambda place: None if place else call_soon(loop, may_begin.set))
        try:
            with client.on_leave(lambda: call_soon(loop, may_begin.set)):
                if turn.place:
                    await may_begin.wait()
            client.check()
            yield
        finally:
            turn.leave()

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Return what `work(*arguments)` returns, run on a thread once a slot is free.

        When the client disconnects, it leaves the queue, and work that has begun gets Cancelled from its next
        `check_cancelled()`. The slot is held until the work has ended. Raises Cancelled then.
        """
        client, result = current_client(), list[T]()

        def attempt() -> None:
            # The exception ends here: its traceback would keep the work's objects, such as a film's encoder and its
            # threads, until Python's garbage collection comes round.
            with suppress(Cancelled):
                result.append(work(*arguments))

        async with client.watched(), self.turn():
            if self._background:
                thread = asyncio.ensure_future(run_in_background(attempt))
            else:
                thread = asyncio.ensure_future(to_thread.run_sync(attempt, limiter=self._threads))
            try:
                await asyncio.shield(thread)
            except asyncio.CancelledError:
                client.leave()
                await asyncio.gather(thread, return_exceptions=True)
                raise
        if not result:
            raise Cancelled
        return result[0]

    def _tell_places(self) -> None:
        for index, turn in enumerate(self._turns):
            turn.move(max(0, index - self._slots + 1))


@dataclass(frozen=True)
class Limiters:
    """One limiter for each kind of work, so that what takes long never holds up what is quick."""

    pictures: Limiter  # one picture, as a slider being dragged asks for it
    sheets: Limiter  # opening a link, sheets of thumbnails, D(x): seconds at the first request of a model
    analyses: Limiter  # layers, directions, latents, nearest training pictures
    fits: Limiter  # of directions to examples
    films: Limiter
    estimates: Limiter  # of a film's time and size: they measure, so one at a time
    photos: Limiter
    decodes: Limiter  # of photographs, which may take 300 MiB of memory
    previews: Limiter  # of data sets
    trainings: Limiter  # starting and resuming runs, checking uploads; `TrainingJobs` runs one at a time


def make_limiters(settings: Settings) -> Limiters:
    """The limits of an installation."""
    return Limiters(
        pictures=Limiter(RENDERER_THREADS),
        sheets=Limiter(RENDERER_THREADS),
        analyses=Limiter(RENDERER_THREADS),
        fits=Limiter(2, background=True),
        films=Limiter(settings.films_at_once, background=True),
        estimates=Limiter(1, background=True),
        photos=Limiter(settings.films_at_once, MOST_PHOTOS_WAITING, background=True),
        decodes=Limiter(1, MOST_PHOTOS_WAITING, background=True),
        previews=Limiter(1, background=True),
        trainings=Limiter(2),
    )


async def run_in_background(work: Callable[[], None]) -> None:
    """Wait for background work on a thread of its own. Its exception is raised here."""
    context, loop = copy_context(), asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def call() -> None:
        begin_background_work()
        try:
            work()
            trim_memory()
        except BaseException as error:
            call_soon(loop, ended.set_exception, error)
        else:
            call_soon(loop, ended.set_result, None)

    threading.Thread(target=context.run, args=(call,), name="background", daemon=True).start()
    await ended


def call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *arguments: object) -> None:
    """Call back on an event loop, from any thread. When the loop has ended it does nothing: nobody waits there then."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(callback, *arguments)
