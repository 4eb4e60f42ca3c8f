"""Explore's looks behind a picture, in a real Chromium: the layers' units, the nearest training pictures."""

from __future__ import annotations

import pytest
from browsing import direction, drag, pixels, settle, wait_for_address
from live_page import live_page
from trained_here import COPIED, MODEL, save_run

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    save_run(folder)
    with live_page(folder) as live:
        yield live


def open_fold(page):
    page.locator(".inside-fold summary").click()
    maps_are_there(page)


def maps_are_there(page):
    page.wait_for_selector(".inside-fold:not(.stale) .unit:enabled")
    page.wait_for_function("document.querySelector('.outcome').textContent !== ''")


def unit(page, layer, index):
    return page.locator(".inside-fold .layers .layer").nth(layer).locator(".unit").nth(index)


def test_a_unit_turned_off_changes_the_picture_and_on_again_restores_it(visit):
    """The fold shows maps of four layers; clicks on two change the picture, and the read-out; on again is exact."""
    page = visit("?model=first&seed=7")
    whole = pixels(page)
    open_fold(page)
    layers = page.locator(".inside-fold .layers .layer")
    assert layers.count() == 4
    for number in range(4):
        sheets = (
            layers.nth(number)
            .locator(".unit:visible canvas")
            .evaluate_all(
                "all => all.map(c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size)"
            )
        )
        assert len(sheets) == (8 if number == 3 else 16)
        assert sum(colours > 4 for colours in sheets) >= 4
    assert "All units are on" in page.locator(".outcome").inner_text()
    badge = page.locator(".units-off")
    assert not badge.is_visible()
    unit(page, 1, 0).click()
    unit(page, 3, 1).click()
    settle(page)
    maps_are_there(page)
    changed = pixels(page)
    assert changed != whole
    page.wait_for_function("document.querySelector('.outcome').textContent.startsWith('2 units are off')")
    assert badge.inner_text() == "2 units off · all on"
    assert page.locator(".unit[aria-pressed=true]").count() == 2
    page.locator(".unit[aria-pressed=true]").first.click()
    settle(page)
    assert pixels(page) not in (changed, whole)
    page.locator(".unit[aria-pressed=true]").click()
    settle(page)
    assert pixels(page) == whole
    assert not badge.is_visible()


def test_sliders_go_on_while_units_are_off(visit):
    """A drag moves the picture without the units; link, undo and the badge know of them."""
    page = visit("?model=first&seed=7")
    page.wait_for_selector(".direction input:enabled")
    whole = pixels(page)
    open_fold(page)
    page.get_by_role("button", name="turn these off").nth(1).click()
    settle(page)
    maps_are_there(page)
    off = pixels(page)
    drag(page, direction(page, 1), 0.5, 0.9)
    settle(page)
    moved = pixels(page)
    assert len({whole, off, moved}) == 3
    wait_for_address(page)
    assert "off=1." in page.url
    again = visit(page.url.partition("/?")[2].join(["?", ""]))
    assert pixels(again) == moved and "16 units off" in again.locator(".units-off").inner_text()
    page.keyboard.press("Control+z")
    settle(page)
    assert pixels(page) == off
    page.locator(".units-off").click()
    settle(page)
    assert pixels(page) == whole
    page.wait_for_function("!location.search.includes('off=')")


def test_a_closed_fold_asks_for_nothing(visit):
    """Layers are fetched only while the fold is open."""
    page, asked = visit("?model=first&seed=7"), []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/layers") else None)
    page.wait_for_selector(".neighbour.ready")
    # the layers would be fetched before the strips of the directions
    with page.expect_response("**/dcgan/sheet"):
        drag(page, direction(page, 1), 0.5, 0.9)
    settle(page)
    assert asked == []
    open_fold(page)
    assert len(asked) == 1


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_phone_holds_it_all(visit, scheme):
    """At 390 pixels the open fold is no wider than the screen, and the picture says that units are off above it."""
    page = visit("?model=first&seed=7", width=390, height=844, is_mobile=True, has_touch=True, color_scheme=scheme)
    open_fold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    unit(page, 2, 3).tap()
    settle(page)
    box = page.locator(".units-off").bounding_box()
    assert box["y"] < 200 and box["height"] >= 40


def test_the_nearest_training_pictures_appear(visit):
    """Asked for, they are compared in the background; then a copy is told, its original shown, and a drag asks anew."""
    page = visit(f"?model={MODEL}&seed={COPIED}")
    page.wait_for_selector(".direction input:enabled")
    nearest = page.locator(".nearest")
    page.get_by_role("button", name="compare", exact=True).click()
    page.wait_for_selector('.nearest[data-state="ready"]:not(.stale) canvas.ready')
    assert "perhaps a copy" in nearest.inner_text()
    face = "c => [...c.getContext('2d').getImageData(32, 32, 1, 1).data].join()"
    page.get_by_role("button", name="pixels").click()
    page.wait_for_function("document.querySelector('.explore .picture').width === 64")
    assert nearest.locator("canvas").first.evaluate(face) == page.locator(".explore .picture").evaluate(face)
    before = nearest.locator("b").inner_text()
    drag(page, direction(page, 1), 0.5, 0.95)
    page.wait_for_function("before => document.querySelector('.nearest b').textContent !== before", arg=before)
    page.wait_for_selector(".nearest:not(.stale)")
    assert float(nearest.locator("b").inner_text()) > float(before)
    again = visit(f"?model={MODEL}&seed={COPIED}")
    again.wait_for_selector(".nearest:not(.stale) canvas.ready")
    assert "perhaps a copy" in again.locator(".nearest").inner_text()


def test_a_model_whose_pictures_are_unknown_has_no_such_line(visit):
    """The panel is hidden where the training pictures are unavailable, and nothing shifts when the model is changed."""
    page = visit("?model=first&seed=7")
    assert not page.locator(".nearest").is_visible()
    page.get_by_label("Model", exact=True).select_option(MODEL)
    page.wait_for_selector(".nearest", state="visible")
