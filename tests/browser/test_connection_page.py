"""A server that stops and starts again, in a real Chromium: what the page says, and what it requests again."""

from __future__ import annotations

import pytest
from browsing import PIXELS, direction, drag, pixels, settle

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

TABS = ("Interpolate", "Train", "Learn", "Explore")
PANELS = ("sheet", "score", "numbers", "models")
STALE = "document.querySelectorAll('.explore :is(.critic.stale, .numbers.stale, .nearest.stale:not([hidden]))').length"


def test_after_a_loss_everything_around_the_picture_is_of_the_new_face(visit):
    """Strips, neighbours, critic and norm whose requests were lost are requested again once the server answers."""
    page = visit("?model=first&seed=3")
    page.wait_for_selector(".neighbour.ready")
    page.wait_for_function(f"!{STALE}")
    canvases = ".found-rows .direction:first-child canvas", ".neighbour:first-child canvas"
    before = [pixels(page, canvas) for canvas in canvases]
    page.route("**/dcgan/*", lambda route: route.abort() if route.request.url.endswith(PANELS) else route.continue_())
    drag(page, direction(page, 2), 0.5, 0.9)
    page.wait_for_selector(".lost:visible")
    settle(page)
    assert [pixels(page, canvas) for canvas in canvases] == before
    page.unroute_all()
    for canvas, old in zip(canvases, before, strict=True):
        page.wait_for_function(f"old => ({PIXELS})('{canvas}') !== old", arg=old)
    page.wait_for_function(f"!{STALE}")
    page.wait_for_selector(".lost", state="hidden")


def test_a_stopped_server_is_named_on_every_tab(served, blank):
    """Where the server stops while nothing is asked for, each tab says so in one sentence, until it is back."""
    page, sockets = blank(), []

    def connect(route):
        sockets.append(route)
        route.connect_to_server()

    page.route_web_socket("**/dcgan/frames", connect)
    page.goto(served.url + "?model=first&seed=3")
    page.wait_for_selector(".direction input:enabled")
    while not sockets:
        drag(page, direction(page, 1), 0.5, 0.8)
        settle(page)
    drag(page, direction(page, 1), 0.8, 0.6)
    settle(page)
    page.wait_for_selector(".neighbour.ready")
    page.get_by_role("tab", name="Learn").click()
    page.route("**/dcgan/**", lambda route: route.abort())
    sockets[-1].close()
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        sentence = page.locator(".lost")
        sentence.wait_for()
        assert "server does not answer" in sentence.inner_text()
        assert page.locator(".lost").evaluate("line => line.getBoundingClientRect().bottom <= innerHeight")
    page.unroute_all()
    page.wait_for_selector(".lost", state="hidden")
