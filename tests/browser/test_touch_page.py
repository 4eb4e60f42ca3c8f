"""Sliders under a finger: a vertical swipe scrolls the page, a horizontal movement and a tap move the slider."""

from __future__ import annotations

import pytest
from browsing import settle

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}


class Finger:
    """One finger on a page; places are shares of an element's width and height."""

    def __init__(self, page, locator):
        self.page, self.locator = page, locator
        self.touch = page.context.new_cdp_session(page)

    def _place(self, across, down):
        box = self.locator.bounding_box()
        return {"x": box["x"] + box["width"] * across, "y": box["y"] + box["height"] * down}

    def _send(self, kind, *points):
        self.touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    def swipe_up(self, across=0.8):
        """Scroll the page by a swipe that begins on the element, and the element back; how far it scrolled."""
        self.centre()
        before, start = self.page.evaluate("scrollY"), self._place(across, 0.5)
        ended = self.page.evaluate_handle("""() => ({
          done: new Promise((done) => addEventListener("scrollend", done, { once: true })),
        })""")
        self._send("touchStart", start)
        for step in range(1, 15):
            self._send("touchMove", {**start, "y": start["y"] - 15 * step})
        self._send("touchEnd")
        ended.evaluate("({ done }) => done.then(() => true)")
        scrolled = self.page.evaluate("scrollY") - before
        self.centre()
        return scrolled

    def centre(self):
        self.locator.evaluate("element => element.scrollIntoView({ block: 'center' })")

    def drag(self, start, end, last="touchEnd"):
        self._send("touchStart", self._place(*start))
        for step in range(1, 11):
            share = step / 10
            self._send("touchMove", self._place(*(a + share * (b - a) for a, b in zip(start, end, strict=True))))
        self._send(last)

    def tap(self, across, down=0.5):
        self._send("touchStart", self._place(across, down))
        self._send("touchEnd")


@pytest.fixture
def phone(visit):
    page = visit("?model=first&seed=3", **PHONE)
    page.wait_for_selector(".direction input:enabled")
    return page


@pytest.mark.parametrize("name", ["Truncation psi", "Direction 3"])
def test_a_slider_moves_by_horizontal_drags_and_taps_only(phone, name):
    """A swipe up scrolls and leaves the value; a drag to the side and a tap set it; a cancelled drag restores it."""
    slider = phone.get_by_role("slider", name=name, exact=True)
    finger, value = Finger(phone, slider), slider.input_value()
    assert finger.swipe_up() > 50
    assert slider.input_value() == value and phone.get_by_role("button", name="Undo").is_disabled()
    finger.drag((0.5, 0.5), (0.8, 0.5))
    phone.wait_for_function(
        "([slider, least]) => Number(slider.value) > least", arg=[slider.element_handle(), float(value) + 0.3]
    )
    phone.get_by_role("button", name="Undo", disabled=False).wait_for()
    dragged = float(slider.input_value())
    finger.drag((0.8, 0.5), (0.3, 0.5), last="touchCancel")
    assert float(slider.input_value()) == dragged
    finger.tap(0.2)
    assert float(slider.input_value()) < float(value)


def test_a_fader_moves_by_horizontal_drags_and_taps_only(phone):
    """The same in the bank of faders, where a drag that began to the side may go anywhere."""
    phone.locator(".bank-fold summary").tap()
    bank = phone.locator(".bank")
    finger, moved = Finger(phone, bank), phone.locator(".fader.moved")
    assert finger.swipe_up() > 50
    assert moved.count() == 0
    finger.drag((0.2, 0.6), (0.5, 0.65))
    dragged = moved.count()
    assert dragged >= 5
    finger.drag((0.2, 0.9), (0.9, 0.95), last="touchCancel")
    assert moved.count() == dragged
    finger.tap(0.9, 0.9)
    assert moved.count() == dragged + 1


def test_the_walk_and_the_field_move_by_horizontal_drags_and_taps_only(phone):
    """The same at the slider along the path and in the field between the faces."""
    phone.get_by_role("tab", name="Interpolate").tap()
    phone.wait_for_selector('.interpolate .stage[data-state="live"]')
    settle(phone, ".interpolate .picture")
    walker, pad, spot = phone.locator(".walker"), phone.locator(".pad"), phone.locator(".spot")
    for locator, value in ((walker, walker.input_value), (pad, lambda: spot.get_attribute("style"))):
        finger, before = Finger(phone, locator), value()
        assert finger.swipe_up() > 50
        assert value() == before
        finger.drag((0.5, 0.5), (0.9, 0.5))
        dragged = value()
        assert dragged != before
        finger.drag((0.5, 0.5), (0.2, 0.5), last="touchCancel")
        assert value() == dragged
        finger.tap(0.3)
        assert value() not in (before, dragged)
