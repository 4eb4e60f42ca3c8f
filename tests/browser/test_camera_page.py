"""The webcam of *my photo* in a real Chromium, with Chromium's fake camera: a green field with a turning clock."""

from __future__ import annotations

import os
import shutil

import pytest
from browsing import FLAGS, pixels, settle

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

CHROMIUM = os.environ.get("DCGAN_CHROMIUM") or shutil.which("chromium")
FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

# keeps every stream that the page was given, so that a test can see whether it was let go of
KEEP = """
  window.streams = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    window.streams.push(stream);
    return stream;
  };
"""
LIVE = "window.streams.flatMap(s => s.getTracks()).filter(t => t.readyState === 'live').length"


@pytest.fixture(scope="module")
def filmed(browser):
    """A Chromium with a camera."""
    running = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *FAKE])
    yield running
    running.close()


@pytest.fixture
def dialog(visit):
    """dialog(browser, **context options) → a page with the photo dialog open."""

    def open_dialog(chromium, **options):
        page = visit("?model=first&seed=3", script=KEEP, chromium=chromium, **options)
        page.get_by_role("button", name="my photo").click()
        return page

    return open_dialog


def look_into(page):
    page.get_by_role("button", name="Use the camera").first.click()
    page.wait_for_selector('dialog[data-state="camera"]')
    page.wait_for_function("document.querySelector('.viewfinder video').videoWidth > 0")


def test_a_picture_is_taken_and_found(dialog, filmed):
    """The camera is shown live, a picture freezes a square of it and lets the camera go, and its face is found."""
    page = dialog(filmed)
    look_into(page)
    assert page.evaluate(LIVE) == 1
    page.get_by_role("button", name="Take it").click()
    page.wait_for_selector('dialog[data-state="crop"]')
    assert page.evaluate(LIVE) == 0
    shown = page.locator(".crop").evaluate("""canvas => {
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      return [0, 1, 2].map(c => data.filter((_, i) => i % 4 === c).reduce((a, b) => a + b) / (data.length / 4));
    }""")
    assert max(shown) > 40  # a picture, not a black square
    before = pixels(page)
    page.get_by_role("button", name="Find this face").click()
    page.wait_for_selector('dialog[data-state="found"]')
    assert "Distance" in page.locator(".verdict").inner_text()
    page.get_by_role("button", name="To the sliders").click()
    page.wait_for_url("**z=**")
    settle(page)
    assert pixels(page) != before


def test_the_camera_is_let_go_of(dialog, filmed):
    """Closing the dialog, declining, or choosing a file ends the stream; opened again it starts where one left."""
    page = dialog(filmed)
    look_into(page)
    page.keyboard.press("Escape")
    page.wait_for_function(f"{LIVE} === 0")
    page.get_by_role("button", name="my photo").click()
    assert page.locator("dialog.photo").get_attribute("data-state") == "empty"
    look_into(page)
    page.get_by_role("button", name="not now").click()
    assert page.locator("dialog.photo").get_attribute("data-state") == "empty"
    assert page.evaluate(LIVE) == 0
    look_into(page)
    page.get_by_role("button", name="Take it").click()
    page.wait_for_selector('dialog[data-state="crop"]')
    look_into(page)  # once more, for a better one
    assert page.evaluate(LIVE) == 1
    page.get_by_role("button", name="not now").click()
    assert page.locator("dialog.photo").get_attribute("data-state") == "crop"
    assert page.evaluate(LIVE) == 0


@pytest.mark.parametrize(("flags", "words"), [([], "has no camera"), (FAKE[:1], "does not allow the camera")])
def test_without_a_camera_there_is_a_sentence(dialog, browser, flags, words):
    """Not there, or refused: one sentence, and a file can still be chosen."""
    running = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    try:
        page = dialog(running)
        page.get_by_role("button", name="Use the camera").first.click()
        page.wait_for_function("words => document.querySelector('.verdict').textContent.includes(words)", arg=words)
        assert page.locator("dialog.photo").get_attribute("data-state") == "empty"
        assert page.get_by_text("Choose a picture", exact=True).is_visible()
    finally:
        running.close()


def test_a_phone_has_its_own_camera_button(dialog, filmed):
    """Where fingers touch, the system's camera is offered in the webcam's place."""
    page = dialog(filmed, is_mobile=True, has_touch=True)
    assert page.get_by_text("Take a photo").is_visible()
    assert not page.get_by_role("button", name="Use the camera").first.is_visible()
