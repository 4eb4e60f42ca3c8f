"""Films in a queue: pages and named endpoints wait in one line, and whoever goes leaves it."""

from __future__ import annotations

import io
import json
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import gradio_client
import pytest
from live_page import live_page
from PIL import Image

from dcgan.web.interpolate.film_request import Film

SHORT = {"seconds": 0.5, "fps": 8, "size": 64, "format": "zip"}
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page that makes one film at a time."""
    with live_page(tmp_path_factory.mktemp("page"), public=True) as live:
        assert live.services.settings.films_at_once == 1
        yield live


class Recorder:
    """Which films were drawn, by their first seed, and how many at a time; `gate` holds their frames back."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self.now = self.most = 0
        self.gate = threading.Event()
        self._lock = threading.Lock()


@pytest.fixture
def films(monkeypatch):
    recorder, frames = Recorder(), Film.frames

    def recorded(film, *arguments):
        with recorder._lock:
            recorder.order.append(film.spec.path.faces[0].seed)
            recorder.now += 1
            recorder.most = max(recorder.most, recorder.now)
        try:
            assert recorder.gate.wait(PATIENCE)
            yield from frames(film, *arguments)
        finally:
            with recorder._lock:
                recorder.now -= 1

    monkeypatch.setattr(Film, "frames", recorded)
    yield recorder
    recorder.gate.set()


def start(page, seed):
    """Ask for a film; returns its answer once the first line, also returned, is there."""
    body = json.dumps({"faces": [{"seed": seed}, {"seed": 2}], **SHORT}).encode()
    answer = urllib.request.urlopen(f"{page.url}dcgan/film", body, timeout=PATIENCE)
    return answer, json.loads(answer.readline())


def progress_of_a_photo(page):
    """The lines of a search for a photo, each sent a moment after the one before."""
    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 80).save(buffer, "PNG")
    with urllib.request.urlopen(f"{page.url}dcgan/photo?model=first", buffer.getvalue(), timeout=PATIENCE) as answer:
        return answer.read().splitlines()


def rest(answer):
    with answer:
        return [json.loads(line) for line in answer]


def test_six_films_are_made_one_after_another_in_the_order_asked_for(page, films):
    """All are made; each waiter is told its place once for each change, however long the film before it takes."""
    asked = [start(page, 100 + number) for number in range(6)]
    assert [first.get("place") for _, first in asked[1:]] == [1, 2, 3, 4, 5]
    # A search for a photo sends several lines meanwhile, so a waiter that was told its place again would have been.
    assert len(progress_of_a_photo(page)) > 3
    films.gate.set()
    with ThreadPoolExecutor(6) as threads:
        lines = [*threads.map(rest, [answer for answer, _ in asked])]
    assert films.order == [100, 101, 102, 103, 104, 105]
    assert films.most == 1
    for (_, first), later in zip(asked, lines, strict=True):
        assert later[-1]["frames"] == 4
        places = [line["place"] for line in (first, *later) if "place" in line]
        assert places == sorted(set(places), reverse=True)


def test_page_and_endpoints_share_the_limit(page, films):
    """The page, a client in Gradio's queue and a call round that queue are never more than one film at a time."""
    client = gradio_client.Client(page.url, verbose=False)

    def by_page(seed):
        answer, _ = start(page, seed)
        return rest(answer)[-1]["film"]

    def by_client(seed):
        return client.predict([seed, 2], "slerp", 0.5, 8, 64, False, "zip", api_name="/interpolate")

    def round_the_queue(seed):
        arguments = [[seed, 2], "slerp", 0.5, 8, 64, False, "zip", "", None, "linear", "bicubic", 1]
        body = json.dumps({"data": arguments}).encode()
        request = urllib.request.Request(
            f"{page.url}gradio_api/run/interpolate", body, {"Content-Type": "application/json"}
        )
        return json.loads(urllib.request.urlopen(request, timeout=PATIENCE).read())["data"]

    films.gate.set()
    ways = [by_page, by_client, round_the_queue] * 3
    with ThreadPoolExecutor(len(ways)) as threads:
        made = [*threads.map(lambda way, seed: way(seed), ways, range(200, 200 + len(ways)))]
    assert all(made)
    assert sorted(films.order) == [*range(200, 200 + len(ways))]
    assert films.most == 1


def test_a_waiter_that_hangs_up_leaves_the_queue(page, films):
    """Its film is never begun, and who waits behind it moves up at once."""
    (first, _), (goes, waiting), (stays, behind) = (start(page, seed) for seed in (300, 301, 302))
    assert (waiting["place"], behind["place"]) == (1, 2)
    goes.close()
    assert json.loads(stays.readline())["place"] == 1
    films.gate.set()
    assert rest(first)[-1]["frames"] == rest(stays)[-1]["frames"] == 4
    assert films.order == [300, 302]


def test_films_leave_no_thread_behind(page, films):
    """Ten films more bring no thread more: one janitor deletes them all when their hour is over."""
    films.gate.set()
    rest(start(page, 400)[0])
    before = sum(thread.name == "temporary files" for thread in threading.enumerate())
    for seed in range(401, 411):
        rest(start(page, seed)[0])
    assert sum(thread.name == "temporary files" for thread in threading.enumerate()) == before
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
