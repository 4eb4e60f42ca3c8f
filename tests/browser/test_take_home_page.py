"""Tests of the page that one takes home, opened as a file in a Chromium without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcgan.engine.renderer import Renderer
from dcgan.store import ModelStore
from dcgan.web.take_home.bundle import page_html

ROOT = Path(__file__).resolve().parents[2]
PIXELS = """() => {
  const canvas = document.querySelector(".picture");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from(data).filter((_, i) => i % 2048 === 0);
}"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """The page of the shipped doodles."""
    store = ModelStore(ROOT / "checkpoints", ROOT / "runs")
    path = tmp_path_factory.mktemp("take home") / "doodles.html"
    path.write_text(page_html(store, Renderer(store, "cpu", can_write=lambda model: False), "doodles"))
    return path


@pytest.fixture
def opened(gpu_browser, file):
    """opened(**context options) → the page, ready. It may log no error and ask for nothing but itself."""
    contexts, faults, asked = [], [], []

    def open_page(**options):
        context = gpu_browser.new_context(offline=True, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector("body[data-state=ready]")
        drawn(page, 0)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert {url.partition(",")[0].partition(";")[0] for url in asked} <= {file.as_uri(), "data:text/javascript"}


def drawn(page, count: int) -> int:
    """Wait until more than `count` pictures were drawn since the page opened, and return how many."""
    page.wait_for_function("count => Number(document.querySelector('.picture').dataset.shown ?? 0) > count", arg=count)
    return int(page.locator(".picture").get_attribute("data-shown"))


def difference(pixels: list[int], others: list[int]) -> int:
    """The largest difference between two pictures, of 255."""
    return max(abs(a - b) for a, b in zip(pixels, others, strict=True))


def test_every_control_moves_the_picture_offline(opened):
    """A direction, a dimension, psi and another seed each change the picture; reset brings it back."""
    page = opened(viewport={"width": 1400, "height": 900})
    first = before = page.evaluate(PIXELS)
    count = drawn(page, 0)
    page.locator(".all > summary").click()
    for control, value in ((".directions input", "-3"), (".dimensions input", "4"), (".psi", "0.3")):
        page.locator(control).first.fill(value)
        count = drawn(page, count)
        assert difference(page.evaluate(PIXELS), before) > 5, control
        before = page.evaluate(PIXELS)
    page.get_by_role("button", name="Reset sliders").click()
    count = drawn(page, count)
    assert difference(page.evaluate(PIXELS), first) <= 2, "a browser may scale a canvas in two ways"
    page.get_by_label("Seed", exact=True).fill("12345678901234567")
    drawn(page, count)
    assert difference(page.evaluate(PIXELS), first) > 5


def test_a_seed_that_is_none_is_refused_with_a_sentence(opened):
    """The picture stays, and the sentence goes when the seed is one again."""
    page = opened()
    page.get_by_label("Seed", exact=True).fill("9223372036854775808")
    assert "whole number" in page.get_by_role("alert").inner_text()
    page.get_by_label("Seed", exact=True).fill("5")
    assert not page.get_by_role("alert").is_visible()


def test_the_loop_plays_and_is_recorded(opened):
    """A film of three seconds is offered, and the picture moved meanwhile; stop ends it."""
    page = opened()
    page.get_by_label("seconds").fill("3")
    count = drawn(page, 0)
    page.get_by_role("button", name="Record one loop").click()
    link = page.get_by_role("link", name="Save the film")
    link.wait_for()
    assert drawn(page, count) > count
    with page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).stat().st_size > 1000
    page.get_by_role("button", name="Stop").click()
    assert page.get_by_role("button", name="Play the loop").is_visible()


def test_a_picture_is_saved_at_its_own_size(opened):
    """A PNG of 64 × 64 pixels with the model's name and the seed."""
    page = opened()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save PNG").click()
    content = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == "doodles-seed27.png"
    assert content[:8] == b"\x89PNG\r\n\x1a\n" and content[16:24] == b"\0\0\0@\0\0\0@"


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_screen(opened, width, scheme):
    """Nothing is wider than the screen, and the picture is in sight at the last direction's slider."""
    page = opened(viewport={"width": width, "height": 844}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".directions input").last.scroll_into_view_if_needed()
    box = page.locator(".picture").bounding_box()
    assert box["y"] >= -1 and box["y"] + box["height"] <= 844
