"""A TCP proxy that delays every byte: a server behind it looks as far away as one on another continent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def slow_line(port: int, seconds: float) -> Iterator[int]:
    """Yield a port of this machine whose connections lead to `port`, each direction delayed by `seconds`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)  # of its own: Playwright runs a loop in the test's thread
    thread.start()
    start = asyncio.start_server(_connect(port, seconds), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(start, loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _connect(port: int, seconds: float):
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pass_on(reader, far_writer, seconds), _pass_on(far_reader, writer, seconds))

    return accept


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Send on all that is read, `seconds` later; b"" is the end."""
    loop, parts = asyncio.get_running_loop(), asyncio.Queue()

    async def read() -> None:
        part = b"."
        while part:
            with suppress(OSError):
                part = await reader.read(65536)
            await parts.put((loop.time() + seconds, part))

    reading = asyncio.create_task(read())
    try:
        while True:
            due, part = await parts.get()
            await asyncio.sleep(due - loop.time())
            if not part:
                break
            writer.write(part)
    finally:
        reading.cancel()
        writer.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
