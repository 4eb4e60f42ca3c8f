"""Pictures that the visitor's own browser draws, on the real page: which controls work without the server, and when."""

from __future__ import annotations

import math

import numpy as np
import pytest
from browsing import drag, settle, wait_for_address

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

PIXELS = """selector => {
  const canvas = document.querySelector(selector);
  return Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
}"""
# A page whose WebSockets the test can close; those opened later lead nowhere.
SOCKETS = """(() => {
  const Socket = WebSocket, opened = [];
  let closed = false;
  window.WebSocket = class extends Socket {
    constructor(url) {
      super(closed ? `ws://${location.host}/nowhere` : url);
      opened.push(this);
      if (closed) window.openedAfterwards = true;
    }
  };
  window.closeSockets = () => {
    closed = true;
    for (const socket of opened) socket.close();
  };
})()"""
LOSE_GPU = """() => {
  const original = WebGL2RenderingContext.prototype.drawArrays;
  WebGL2RenderingContext.prototype.drawArrays = function (...args) {
    window.gl = this;
    return original.apply(this, args);
  };
}"""


def choose(page, source: str) -> None:
    """Choose who draws, and wait until the header says that the browser does, where that was chosen."""
    page.get_by_label("Pictures drawn by").select_option(source)
    if source == "browser":
        page.wait_for_function("document.querySelector('.header .machine').textContent.startsWith('this browser')")


def turn_off_server(page) -> list[str]:
    """Close all connections and let no request through from now on; list what was asked for. Needs SOCKETS."""
    asked: list[str] = []

    def refuse(route):
        asked.append(route.request.url.split("?")[0].rpartition("/")[2])
        route.abort()

    page.route("**/dcgan/**", refuse)
    page.evaluate("closeSockets()")
    return asked


def cells(pixels) -> np.ndarray:
    """The means of 64 × 64 cells of a square picture: of the generator's own pixels, however they were enlarged."""
    side = math.isqrt(len(pixels) // 4)
    picture = np.array(pixels, float).reshape(64, side // 64, 64, side // 64, 4)
    return picture[..., :3].mean(axis=(1, 3))


def test_the_browser_draws_the_servers_picture(visit, gpu_browser):
    """The same face, of the same size, by both, as crisp pixels: equal up to the server's JPEG."""
    page = visit("?model=first&seed=3&edits=d2:1.5,j0:2&psi=0.8", chromium=gpu_browser)
    page.locator(".crisp").click()
    settle(page)
    served = page.evaluate(PIXELS, ".explore .picture")
    choose(page, "browser")
    drag(page, page.get_by_role("slider", name="Direction 1", exact=True), 0.5, 0.8)
    settle(page)
    page.get_by_role("button", name="Undo").click()
    settle(page)
    wait_for_address(page)
    drawn = page.evaluate(PIXELS, ".explore .picture")
    assert len(drawn) == len(served)
    difference = np.abs(cells(drawn) - cells(served))
    assert difference.mean() < 2 and cells(served).std() > 30


def test_sliders_strips_and_neighbours_go_on_without_a_server(visit, gpu_browser):
    """With every request refused, a drag shows its pictures and asks for none; strips and neighbours follow."""
    page = visit("?model=first&seed=3", chromium=gpu_browser, script=SOCKETS)
    page.wait_for_selector(".neighbour.ready")
    choose(page, "browser")
    asked = turn_off_server(page)
    shown = int(page.locator(".explore .picture").get_attribute("data-shown"))
    picture, strip, neighbour = (
        page.evaluate(PIXELS, selector) for selector in (".explore .picture", ".direction canvas", ".neighbour canvas")
    )
    drag(page, page.get_by_role("slider", name="Direction 1", exact=True), 0.5, 0.9)
    settle(page)
    assert int(page.locator(".explore .picture").get_attribute("data-shown")) > shown
    assert page.evaluate(PIXELS, ".explore .picture") != picture
    for selector, before in ((".direction canvas", strip), (".neighbour canvas", neighbour)):
        page.wait_for_function(
            f"([selector, before]) => String(({PIXELS})(selector)) !== String(before)", arg=[selector, before]
        )
    assert not {"frame", "sheet"} & set(asked) and not page.evaluate("window.openedAfterwards")
    assert page.locator(".explore .stage").get_attribute("data-state") == "live"


def test_the_browser_goes_on_when_the_server_stops(visit, gpu_browser):
    """Automatic choice: once the weights are loaded, a server that stops is no loss, whoever was quicker before."""
    page = visit("?model=first&seed=3", chromium=gpu_browser, script=SOCKETS)
    page.wait_for_selector(".neighbour.ready")
    with page.expect_response(lambda response: "axes" in response.url and "pca" in response.url):
        choose(page, "auto")
    turn_off_server(page)
    picture = page.evaluate(PIXELS, ".explore .picture")
    drag(page, page.get_by_role("slider", name="Direction 1", exact=True), 0.5, 0.9)
    settle(page)
    assert page.evaluate(PIXELS, ".explore .picture") != picture
    assert page.locator(".explore .stage").get_attribute("data-state") == "live"
    assert "this browser" in page.locator(".header .machine").inner_text()


def test_the_server_goes_on_when_the_gpu_is_taken_away(visit, gpu_browser):
    """A lost context in mid-use: the next picture comes from the server, and nobody is told of an error."""
    page = visit("?model=first&seed=3", chromium=gpu_browser, script=f"({LOSE_GPU})(); delete Navigator.prototype.gpu")
    choose(page, "browser")
    drag(page, page.get_by_role("slider", name="Direction 1", exact=True), 0.5, 0.7)
    settle(page)
    page.evaluate("window.gl.getExtension('WEBGL_lose_context').loseContext()")
    page.wait_for_function("!document.querySelector('.header .machine').textContent.startsWith('this browser')")
    before = page.evaluate(PIXELS, ".explore .picture")
    drag(page, page.get_by_role("slider", name="Direction 1", exact=True), 0.7, 0.9)
    settle(page)
    assert page.evaluate(PIXELS, ".explore .picture") != before
    assert "CPU" in page.locator(".header .machine").inner_text()
    assert page.locator(".explore .sentence").is_hidden()
