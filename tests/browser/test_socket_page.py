"""Pictures over a WebSocket in a real Chromium, and what happens when it is refused or breaks."""

from __future__ import annotations

import pytest
from browsing import drag, pixels, settle, wait_for_address

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

SOCKET = "**/dcgan/frames"


@pytest.fixture
def visit(served, blank):
    """visit(query, socket, clock) → (page, the sockets it opened, the pictures it fetched).

    `socket` handles the page's sockets, as `route_web_socket` has it; `clock` lets the test move the page's time.
    """

    def open_page(query="?model=first&seed=3", socket=None, clock=False):
        page, sockets, fetched = blank(), [], []
        if clock:
            page.clock.install()
        if socket:
            page.route_web_socket(SOCKET, socket)
        page.on("websocket", lambda opened: sockets.append(opened) if opened.url.endswith("dcgan/frames") else None)
        page.on("request", lambda request: fetched.append(request.url) if request.url.endswith("/frame") else None)
        page.goto(served.url + query)
        page.wait_for_selector(".direction input:enabled")
        settle(page)
        return page, sockets, fetched

    return open_page


def move(page, start=0.5, end=0.9):
    """Drag the first direction and wait for the newest picture."""
    drag(page, page.get_by_role("slider", name="Direction 1", exact=True), start, end)
    settle(page)


def move_until(page, reached):
    """Drag to and fro until something has happened: when a socket is open is for the browser to say."""
    while not reached():
        move(page, 0.5, 0.9)
        move(page, 0.9, 0.5)


def as_linked(visit, page):
    """The pixels of the page's address, opened anew where no socket is to be had: what the page has to show."""
    wait_for_address(page)
    other, _, _ = visit("?" + page.url.partition("?")[2], socket=lambda route: route.close())
    return pixels(other)


def test_pictures_of_a_drag_come_through_one_socket(visit):
    """The first picture is fetched, since a socket is still to be opened; a drag's all come through one."""
    page, sockets, fetched = visit()
    assert len(fetched) >= 1
    answers, shown = [], "Number(document.querySelector('.explore .picture').dataset.shown)"
    sockets[0].on("framereceived", lambda answer: answers.append(answer))
    move_until(page, lambda: answers)
    fetched.clear()
    answers.clear()
    before, start = pixels(page), page.evaluate(shown)
    move(page, 0.5, 0.8)
    assert pixels(page) != before
    assert len(answers) >= page.evaluate(shown) - start >= 3
    assert fetched == [] and len(sockets) == 1
    assert pixels(page) == as_linked(visit, page)


def test_where_a_proxy_stops_sockets_pictures_are_fetched(visit):
    """A socket that is refused, or closed at once, is no loss: the picture follows by requests, and nothing is said."""
    page, _, fetched = visit(socket=lambda route: route.close(code=1008))
    before, count = pixels(page), len(fetched)
    move(page)
    assert pixels(page) != before and len(fetched) > count
    assert page.locator(".explore .sentence").is_hidden()
    assert page.locator(".explore .stage").get_attribute("data-state") == "live"


def test_a_socket_that_breaks_in_mid_drag_loses_no_picture(visit):
    """Unanswered pictures are fetched when it breaks, and the newest is shown; later another socket takes over."""
    taken = []

    def break_at_the_third(route):
        server, questions = route.connect_to_server(), []
        taken.append(questions)

        def ask(message):
            questions.append(message)
            if len(taken) == 1 and len(questions) == 3:
                route.close(code=1012)
            else:
                server.send(message)

        route.on_message(ask)

    page, _, fetched = visit(socket=break_at_the_third)
    count = len(fetched)
    move_until(page, lambda: taken and len(taken[0]) >= 3)
    assert len(fetched) > count
    move(page, 0.5, 0.9)
    assert pixels(page) == as_linked(visit, page)
    move_until(page, lambda: len(taken) == 2 and taken[1])
    move(page, 0.5, 0.2)
    assert pixels(page) == as_linked(visit, page)


def test_a_socket_that_says_nothing_is_given_up(visit):
    """Pictures that a proxy never answers are fetched after ten seconds, and the socket is not tried again."""
    swallowed = []
    page, _, fetched = visit(
        socket=lambda route: route.on_message(lambda message: swallowed.append(message)), clock=True
    )
    while not swallowed:
        settle(page)
        drag(page, page.get_by_role("slider", name="Direction 1", exact=True), 0.9, 0.1)
    page.clock.fast_forward(10_000)
    settle(page)
    count, asked, before = len(fetched), len(swallowed), pixels(page)
    page.clock.fast_forward(60_000)  # the longest pause before a socket that broke is tried again
    move(page)
    assert pixels(page) != before
    assert len(fetched) > count and len(swallowed) == asked


def test_a_refusal_through_the_socket_is_said_and_the_picture_stays(visit, served):
    """A sentence of the server stands under the picture as a fetched one would, and goes with the next picture."""
    page, sockets, _ = visit()
    answers = []
    sockets[0].on("framereceived", lambda answer: answers.append(answer))
    move_until(page, lambda: answers)
    before = pixels(page)
    folder = served.services.store.checkpoints / "first"
    hidden = folder.rename(folder.with_name(".first"))
    try:
        move(page)
        sentence = page.locator(".explore .sentence")
        assert "There is no model 'first'" in sentence.inner_text()
        assert pixels(page) == before and len(sockets) == 1
    finally:
        hidden.rename(folder)
    move(page, 0.9, 0.6)
    assert sentence.is_hidden() and pixels(page) != before


def test_two_visitors_at_once_each_see_their_own(visit):
    """Two pages that are dragged in turns, a few steps each, both end on the picture that their own address gives."""
    pages = [visit(f"?model=first&seed={seed}")[0] for seed in (5, 6)]
    sliders = [page.get_by_role("slider", name="Direction 1", exact=True).bounding_box() for page in pages]
    for page, box in zip(pages, sliders, strict=True):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
        page.mouse.down()
    for step in range(30):
        for page, box, side in zip(pages, sliders, (1, -1), strict=True):
            page.mouse.move(box["x"] + box["width"] / 2 + 4 * side * step, box["y"] + 5)
    for page in pages:
        page.mouse.up()
        settle(page)
    first, second = (pixels(page) for page in pages)
    assert first != second
    assert [first, second] == [as_linked(visit, page) for page in pages]


def test_a_tab_that_is_left_and_entered_again_shows_the_newest_picture(visit):
    """When a tab is left during a drag, or the page is left and entered again, the newest picture is drawn."""
    page, _, _ = visit()
    drag(page, page.get_by_role("slider", name="Direction 1", exact=True), 0.5, 0.9)
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.interpolate .stage[data-state="live"]')
    settle(page, ".interpolate .picture")
    before = pixels(page, ".interpolate .picture")
    drag(page, page.get_by_label("Walk along the path"), 0.0, 0.7)
    page.get_by_role("tab", name="Explore").click()
    settle(page)
    assert pixels(page) == as_linked(visit, page)
    page.get_by_role("tab", name="Interpolate").click()
    settle(page, ".interpolate .picture")
    assert pixels(page, ".interpolate .picture") != before
    page.get_by_role("tab", name="Explore").click()
    page.goto("about:blank")
    page.go_back()
    page.wait_for_selector(".direction input:enabled")
    page.wait_for_selector('.explore .stage[data-state="live"]')
    move(page, 0.9, 0.6)
    assert pixels(page) == as_linked(visit, page)
