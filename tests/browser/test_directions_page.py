"""Directions in a real Chromium: by which method, under which name, in which order, and taught by examples."""

from __future__ import annotations

import json

import pytest
from browsing import DRAWN_BY_SERVER, drag, pixels, settle
from live_page import live_page

from dcgan.engine.directions_file import load_directions
from dcgan.schema import Face

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

STRIP = ".directions.found-rows .direction:nth-child({}) canvas"


@pytest.fixture
def served(tmp_path):
    with live_page(tmp_path) as live:
        yield live


@pytest.fixture
def public(tmp_path):
    with live_page(tmp_path, public=True) as live:
        yield live


@pytest.fixture
def visit(browser):
    """visit(live, query, **context options) → a page whose directions are there; it must then log no error."""
    contexts, faults = [], []

    def open_page(live, query="?model=first&seed=5", width=1400, height=1000, context=None, **options):
        if context is None:
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            context.set_default_timeout(60_000)
            context.add_init_script(DRAWN_BY_SERVER)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live.url + query)
        ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def ready(page):
    """Wait until the directions are there and every strip is drawn."""
    page.wait_for_selector(".direction input:enabled")
    page.wait_for_function(
        "() => { const rows = [...document.querySelectorAll('.direction')];"
        " return rows.length >= 8 && rows.every(r => !r.matches('.stale') && r.querySelector('canvas.ready')); }"
    )
    settle(page)


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def names(page, part=".found-rows"):
    return page.locator(f".directions{part} .name").all_inner_texts()


def name_it(page, old, new, key="Enter"):
    page.get_by_role("button", name=f"Name {old}", exact=True).click()
    page.keyboard.type(new)
    page.keyboard.press(key)


def choose(page, method):
    page.get_by_label("Directions found by").select_option(method)
    ready(page)


def test_another_method_changes_the_strips_and_keeps_the_face(served, visit):
    """SeFa's strips differ from the Jacobian's; what was moved along these stays, also in links; back is back."""
    page = visit(served)
    drag(page, slider(page, "Direction 1"), 0.5, 0.9)
    ready(page)
    moved, before = pixels(page), pixels(page, STRIP.format(2))
    amount = slider(page, "Direction 1").input_value()
    choose(page, "sefa")
    assert pixels(page, STRIP.format(2)) != before and pixels(page) == moved
    assert slider(page, "Direction 1").input_value() == "0"
    assert "Jacobian · moved" in page.get_by_label("Directions found by").inner_text()
    drag(page, slider(page, "Direction 1"), 0.5, 0.1)
    ready(page)
    both = pixels(page)
    assert both != moved
    page.wait_for_url("**s0:-**")
    assert f"j0:{amount}" in page.url
    again = visit(served, page.url.partition("/?")[2].join(["?", ""]))
    assert pixels(again) == both
    choose(page, "jacobian")
    assert slider(page, "Direction 1").input_value() == amount
    page.get_by_role("button", name="reset").click()
    settle(page)
    assert "moved" not in page.get_by_label("Directions found by").inner_text()
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert pixels(page) == both


def test_a_name_survives_a_reload(served, visit):
    """Enter keeps a name with the model though the page be closed at once, Escape does not; it can be emptied."""
    page = visit(served)
    name_it(page, "Direction 2", "smile")
    name_it(page, "Direction 3", "nonsense", key="Escape")
    assert names(page)[:3] == ["1", "smile", "3"]
    page.reload()
    ready(page)
    assert names(page)[:3] == ["1", "smile", "3"] and slider(page, "smile").count() == 1
    path = served.services.store.directions_path("first")
    assert load_directions(path).found["jacobian"].labels.names == {1: "smile"}
    other = visit(served)
    assert names(other)[1] == "smile"
    name_it(other, "Direction 3", "hat")
    other.close()  # at once
    assert names(visit(served))[:3] == ["1", "smile", "hat"]
    page.get_by_role("button", name="Rename smile").click()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    assert names(page)[1] == "2"
    choose(page, "sefa")
    assert names(page)[1] == "2"


def test_locks_and_order_are_kept(served, visit):
    """A locked direction cannot be moved, also by neighbours; rows move by keys and dragging; a reload keeps both."""
    page = visit(served)
    page.get_by_role("button", name="Lock Direction 1", exact=True).click()
    assert slider(page, "Direction 1").is_disabled()
    page.evaluate("Math.random = () => 0.3")  # a neighbour's steps are random, and one in fifty is 0
    page.wait_for_selector(".neighbour.ready")
    shown = "document.querySelectorAll('.neighbour canvas')[2].toDataURL()"
    before = page.evaluate(shown)
    page.get_by_role("button", name="Other neighbours").click()
    page.wait_for_function(f"before => {shown} !== before", arg=before)
    page.get_by_role("button", name="Go to neighbour 3", exact=True).click()
    settle(page)
    assert slider(page, "Direction 1").input_value() == "0" and slider(page, "Direction 2").input_value() != "0"
    page.get_by_role("button", name="Move Direction 3", exact=True).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert names(page)[:4] == ["3", "1", "2", "4"]
    grip = page.get_by_role("button", name="Move Direction 8", exact=True).bounding_box()
    goal = slider(page, "Direction 3").bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + goal["height"] / 2, steps=10)
    with page.expect_response("**/dcgan/directions/save"):
        page.mouse.up()
    assert names(page)[:4] == ["8", "3", "1", "2"]
    page.reload()
    ready(page)
    assert names(page)[:4] == ["8", "3", "1", "2"]
    assert slider(page, "Direction 1").is_disabled() and slider(page, "Direction 8").is_enabled()


def test_an_older_neighbour_keeps_a_locked_direction(served, visit):
    """Opening a neighbour that was drawn before a direction was locked moves only the other directions."""
    page = visit(served)
    page.wait_for_selector(".neighbour.ready")
    page.route("**/dcgan/sheet", lambda route: route.abort())
    page.get_by_role("button", name="Lock Direction 1", exact=True).click()
    page.get_by_role("button", name="Go to neighbour 3", exact=True).click()
    settle(page)
    amounts = [slider(page, f"Direction {k}").input_value() for k in range(1, 9)]
    assert amounts[0] == "0" and any(amount != "0" for amount in amounts[1:])


def test_on_a_shared_machine_names_stay_in_the_browser(public, visit):
    """There a name survives a reload in this browser, is nowhere on the server, and no other visitor sees it."""
    page = visit(public)
    name_it(page, "Direction 1", "mine")
    page.reload()
    ready(page)
    assert names(page)[0] == "mine"
    assert names(visit(public))[0] == "1"
    assert not public.services.store.directions_path("first").exists()
    # what lies in a browser may be damaged: a sentence, and the page works
    for damage in ("{", json.dumps({"first": {"weights": "x", "labels": {}, "taught": [{"vector": 5}]}})):
        page.evaluate("text => localStorage.setItem('dcgan-directions', text)", damage)
        page.reload()
        ready(page)
        assert "cannot be read" in page.locator(".notice").inner_text()
        assert names(page)[0] == "1"


def mark(page, seeds, clicks):
    for seed in seeds:
        for _ in range(clicks):
            page.locator(f'.teach .face[data-seed="{seed}"]').click()


def sides(live, direction=0, count=48):
    """The sheet's seeds on either side along a direction."""
    renderer = live.services.renderer
    axis = renderer.directions("first").axes[direction]
    side = {seed: float(renderer.latent("first", Face(seed=seed)) @ axis) for seed in range(1, count + 1)}
    ranked = sorted(side, key=side.get)
    return ranked[-14:], ranked[:14]


@pytest.mark.parametrize("kind", ["served", "public"])
def test_a_slider_is_taught_used_and_removed(kind, request, visit):
    """Faces are marked by click and key; the slider moves the face, is saved, is part of links, and can be removed."""
    live = request.getfixturevalue(kind)
    has, has_not = sides(live)
    page = visit(live)
    page.get_by_role("button", name="+ teach a slider").click()
    page.wait_for_selector(".teach .face.ready")
    dialog, fits = page.locator("dialog.teach"), []
    page.on("request", lambda request: fits.append(request) if request.url.endswith("/teach") else None)
    assert "at least 3" in dialog.locator(".fit-result").inner_text()
    mark(page, has[:2], 1)
    mark(page, has_not[:3], 2)
    assert dialog.locator(".tally").inner_text() == "2 have it · 3 do not"
    assert "at least 3" in dialog.locator(".fit-result").inner_text()
    mark(page, has[:1], 2)  # twice more: neither
    assert dialog.locator(".tally").inner_text() == "1 have it · 3 do not"
    mark(page, [has[0], *has[2:]], 1)
    mark(page, has_not[3:13], 2)
    face = dialog.locator(f'.face[data-seed="{has_not[13]}"]')
    face.focus()
    page.keyboard.press("-")
    assert "does not have it" in face.get_attribute("aria-label")
    page.wait_for_function("document.querySelector('.teach .fit-result').textContent.includes('28 held-out examples')")
    page.wait_for_selector(".teach .preview canvas.ready")
    assert fits and all(min(len(fit.post_data_json[side]) for side in ("has", "has_not")) >= 3 for fit in fits)
    assert dialog.get_by_role("button", name="Add slider").is_disabled()
    page.get_by_label("name", exact=True).fill("hat")
    page.keyboard.press("Enter")
    ready(page)
    assert names(page, ".own") == ["hat"] and "% right" in page.locator(".own .share").inner_text()
    before = pixels(page)
    drag(page, slider(page, "hat"), 0.5, 0.9)
    ready(page)
    moved = pixels(page)
    assert moved != before
    page.wait_for_url("**edits=v**")
    query = page.url.partition("/?")[2].join(["?", ""])
    page.reload()
    ready(page)
    assert pixels(page) == moved and names(page, ".own") == ["hat"]
    # a link opened by somebody else shows the same picture, and the slider can be kept there
    if kind == "public":
        other = visit(live, query)
        assert pixels(other) == moved and names(other, ".own") == ["unnamed"]
        name_it(other, "unnamed slider", "theirs")
        other.reload()
        ready(other)
        assert names(other, ".own") == ["theirs"] and names(page, ".own") == ["hat"]
    else:
        (kept,) = load_directions(live.services.store.directions_path("first")).taught
        assert (kept.name, kept.has, kept.has_not) == ("hat", 14, 14)
        fitted = live.services.renderer.fit_direction("first", has, has_not)
        assert kept.vector == pytest.approx(fitted.vector.tolist(), abs=2e-3)
    page.get_by_role("button", name="Remove hat").click()
    assert names(page, ".own") == ["hat"]
    page.get_by_role("button", name="Press again to remove hat").click()
    settle(page)
    assert names(page, ".own") == [] and pixels(page) == before
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert names(page, ".own") == ["hat"] and pixels(page) == moved
    page.get_by_role("button", name="Remove hat").click()
    page.get_by_role("button", name="Press again to remove hat").click()
    page.wait_for_function("!new URLSearchParams(location.search).has('edits')")
    page.reload()
    ready(page)
    assert names(page, ".own") == []


def test_a_taught_slider_leaves_locked_directions_out(served, visit):
    """A taught direction is orthogonal to a locked one, and the dialog names the locked one."""
    page = visit(served)
    page.get_by_role("button", name="Lock Direction 1", exact=True).click()
    page.get_by_role("button", name="+ teach a slider").click()
    page.wait_for_selector(".teach .face.ready")
    assert "direction 1" in page.locator(".teach .locked-names").inner_text()
    has, has_not = sides(served)
    mark(page, has[:4], 1)
    mark(page, has_not[:4], 2)
    page.wait_for_function("document.querySelector('.teach .fit-result').textContent.includes('8 held-out examples')")
    page.get_by_role("button", name="more faces").click()
    page.wait_for_selector('.teach .face.ready[data-seed="96"]')
    page.get_by_label("name", exact=True).fill("rest")
    page.get_by_role("button", name="Add slider").click()
    ready(page)
    (kept,) = load_directions(served.services.store.directions_path("first")).taught
    axis = served.services.renderer.directions("first").axes[0]
    assert abs(sum(a * b for a, b in zip(kept.vector, axis.tolist(), strict=True))) < 5e-3


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_phone_can_teach_and_name(served, visit, scheme):
    """At 390 pixels neither the rows nor the dialog are wider than the screen, also while a name is written."""
    page = visit(served, width=390, height=844, is_mobile=True, has_touch=True, color_scheme=scheme)
    page.get_by_role("button", name="Name Direction 4", exact=True).tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Escape")
    page.get_by_role("button", name="+ teach a slider").tap()
    page.wait_for_selector(".teach .face.ready")
    page.locator(".teach .face").first.tap()
    assert "has it" in page.locator(".teach .face").first.get_attribute("aria-label")
    assert page.locator("dialog.teach").evaluate("d => d.scrollWidth <= d.clientWidth && d.offsetWidth <= 390")
