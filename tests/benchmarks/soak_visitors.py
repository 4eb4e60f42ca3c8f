"""What the visitors of a soak do: drag a slider, or film, upload, preview, photograph, and often disconnect midway."""

from __future__ import annotations

import asyncio
import io
import json
import math
import random
import time
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache

import httpx
from PIL import Image
from websockets.asyncio.client import connect

MOVE = 0.06  # seconds between two moves of a dragged slider
DRAG, PAUSE = 2.0, 3.0  # seconds
LONG_FILM = {"faces": [{"seed": 1}, {"seed": 2}, {"seed": 3}], "seconds": 20, "fps": 30, "size": 512, "format": "mp4"}
SHORT_FILM = {**LONG_FILM, "seconds": 1, "fps": 12, "size": 128}
# A full limit or a visitor's second upload is refused with a sentence; every other status is a fault.
EXPECTED = (200, 422, 429, 503)


class Record:
    """What the visitors measured and met."""

    def __init__(self) -> None:
        self.drags: list[float] = []  # milliseconds from a move to its picture
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []

    def note(self, what: str, response: httpx.Response) -> None:
        """Count an answer; an unexpected status is a fault."""
        self.answers[f"{what} {response.status_code}"] += 1
        if response.status_code not in EXPECTED:
            self.faults.append(f"{what}: {response.status_code} {response.text[:200]}")


async def drag(host: str, number: int, record: Record, until: Callable[[], bool]) -> None:
    """Drag a slider to and fro over one WebSocket, with pauses, and note how long each picture takes."""
    headers = {"X-Forwarded-For": f"10.0.0.{number}"}
    await asyncio.sleep(random.random() * PAUSE)
    async with connect(f"ws://{host}/dcgan/frames", additional_headers=headers, proxy=None) as socket:
        while not until():
            rest_at = time.monotonic() + DRAG
            while time.monotonic() < rest_at:
                begun = time.monotonic()
                edits = [{"direction": number % 8, "amount": 3 * math.sin(begun * 2)}]
                await socket.send(json.dumps({"seed": number, "edits": edits, "size": 384}))
                answer = await socket.recv()
                if isinstance(answer, str):
                    record.faults.append(f"drag: {answer[:200]}")
                record.drags.append((time.monotonic() - begun) * 1000)
                await asyncio.sleep(max(0.0, MOVE - (time.monotonic() - begun)))
            await asyncio.sleep(PAUSE)


async def trouble(host: str, number: int, record: Record, until: Callable[[], bool]) -> None:
    """Do everything but dragging, in random order."""
    async with Visitor(host, number, record) as visitor:
        while not until():
            for act in random.sample(visitor.acts, len(visitor.acts)):
                if until():
                    return
                await visitor.do(act)


class Visitor:
    """One visitor with an address of its own; each of `acts` is something that one does once."""

    def __init__(self, host: str, number: int, record: Record) -> None:
        self._record = record
        self._client = httpx.AsyncClient(
            base_url=f"http://{host}",
            headers={"X-Forwarded-For": f"10.0.1.{number}"},
            timeout=600,
            trust_env=False,
            # A connection that is used again just when the server closes it would look like a fault.
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.acts: list[Callable[[], Awaitable[None]]] = [
            self.film,
            self.film_and_disconnect,
            self.call_a_film_and_disconnect,
            self.queue_a_film_and_never_ask,
            self.picture_through_the_queue,
            self.preview,
            self.preview_and_disconnect,
            self.upload,
            self.upload_and_disconnect,
            self.photograph,
            self.photograph_a_large_picture_and_disconnect,
            self.look_around,
            self.send_nonsense,
        ]

    async def __aenter__(self) -> Visitor:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()

    async def do(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do one thing; a connection that fails is a fault."""
        try:
            await act()
        except httpx.HTTPError as error:
            self._record.faults.append(f"{act.__name__}: {error!r}")

    async def film(self) -> None:
        """A short film, taken home."""
        response = await self._post("film", "dcgan/film", json=SHORT_FILM)
        last = json.loads(response.text.splitlines()[-1])
        if "film" in last:
            self._record.note("film file", await self._client.get(f"/{last['film']}"))

    async def film_and_disconnect(self) -> None:
        await self._disconnect("dcgan/film", random.uniform(0.5, 4), json=LONG_FILM)

    async def call_a_film_and_disconnect(self) -> None:
        arguments = [[1, 2, 3], "slerp", 20, 30, 512, False, "mp4", "", None, "linear", "bicubic", 1]
        await self._disconnect("gradio_api/run/interpolate", random.uniform(0.5, 4), json={"data": arguments})

    async def queue_a_film_and_never_ask(self) -> None:
        arguments = [[1, 2, 3], "slerp", 20, 30, 512, False, "mp4", "", None, "linear", "bicubic", 1]
        await self._post("queue", "gradio_api/call/interpolate", json={"data": arguments})

    async def picture_through_the_queue(self) -> None:
        arguments = [random.randrange(1000), 1.0, None, "", 256, "", None]
        asked = await self._post("queue", "gradio_api/call/generate", json={"data": arguments})
        answer = await self._client.get(f"/gradio_api/call/generate/{asked.json()['event_id']}")
        self._record.note("queue answer", answer)

    async def preview(self) -> None:
        for data in ("doodles", "doodles:20000?hat=crown&beard=full", "doodles:200000", "doodles?seed=5"):
            await self._post("preview", "dcgan/train/preview", json={"data": data})

    async def preview_and_disconnect(self) -> None:
        await self._disconnect("dcgan/train/preview", 0.05, json={"data": "doodles:20000?hat=cap"})

    async def upload(self) -> None:
        """A zip, which is then looked at."""
        sent = await self._post("upload", "dcgan/train/upload?name=mine.zip", content=zip_of_pictures())
        if sent.status_code == 200:
            await self._post("preview", "dcgan/train/preview", json={"data": sent.json()["data"]})

    async def upload_and_disconnect(self) -> None:
        async def halves():
            yield b"x" * 2_000_000
            await asyncio.sleep(60)

        await self._disconnect("dcgan/train/upload", 1.0, content=halves())

    async def photograph(self) -> None:
        await self._post("photo", "dcgan/photo", content=picture_file("JPEG", 1600))

    async def photograph_a_large_picture_and_disconnect(self) -> None:
        await self._disconnect("dcgan/photo", random.uniform(0.5, 3), content=picture_file("PNG", 6000))

    async def look_around(self) -> None:
        """The quick requests of the page."""
        face = {"seed": random.randrange(1000)}
        for path in ("score", "numbers", "layers", "nearest"):
            await self._post(path, f"dcgan/{path}", json=face)
        await self._post("sheet", "dcgan/sheet", json={"faces": [{"seed": seed} for seed in range(24)]})

    async def send_nonsense(self) -> None:
        for body in (b"nonsense", b'{"seed": -1}', b'{"data": "zip:/etc/passwd"}'):
            for path in ("frame", "film", "photo", "train/preview", "train/start"):
                await self._post("nonsense", f"dcgan/{path}", content=body)

    async def _post(self, what: str, path: str, **body: object) -> httpx.Response:
        response = await self._client.post(f"/{path}", **body)
        self._record.note(what, response)
        return response

    async def _disconnect(self, path: str, after: float, **body: object) -> None:
        """Ask, and close the connection after some seconds, whether or not the answer has come."""
        try:
            async with asyncio.timeout(after):
                await self._client.post(f"/{path}", **body)
        except TimeoutError:
            self._record.answers["disconnected"] += 1


@cache  # made while everything is done once: later it would hold up those who drag, and their times
def picture_file(fmt: str, side: int) -> bytes:
    """A picture of so many pixels each way."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(buffer, fmt, **FAST[fmt])
    return buffer.getvalue()


FAST = {"JPEG": {"quality": 80}, "PNG": {"compress_level": 1}}


@cache
def zip_of_pictures() -> bytes:
    """A zip of thirty pictures."""
    buffer, picture = io.BytesIO(), picture_file("JPEG", 300)
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.jpg", picture)
    return buffer.getvalue()
