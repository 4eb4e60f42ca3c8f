"""The page in a real Chromium: what a hand does, and what the eye then sees."""

from __future__ import annotations

import pytest
from live_page import live_page

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

# the drawn picture as one number a pixel, to be compared
PIXELS = """selector => {
  const canvas = document.querySelector(selector);
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return Array.from(data).filter((_, i) => i % 1024 === 0).join();
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture
def visit(served, browser):
    """visit(query, **context options) → a page whose picture is there; it must then log no error and no other host."""
    contexts, faults, hosts = [], [], set()

    def open_page(query="", width=1400, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if "://" in request.url else None)
        page.goto(served.url + query)
        page.wait_for_selector('.desk .stage[data-state="live"]')
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert hosts <= {served.url.split("/")[2]}


def settle(page):
    """Waits until the newest picture is drawn."""
    shown = None
    while shown != (shown := page.locator(".desk .picture").get_attribute("data-shown")):
        page.wait_for_timeout(400)


def pixels(page, selector=".desk .picture"):
    return page.evaluate(PIXELS, selector)


def drag(page, locator, start, end, steps=20):
    """Drags across an element, from one share of its width to another."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, middle, steps=steps)
    page.mouse.up()


def direction(page, number):
    return page.get_by_role("slider", name=f"Direction {number}", exact=True)


def test_a_slider_moves_the_picture_and_undo_brings_it_back(visit):
    """Dragging a direction changes the pixels, Ctrl+Z restores them exactly, Ctrl+Shift+Z makes the change again."""
    page = visit()
    page.wait_for_selector(".direction input:enabled")
    before = pixels(page)
    drag(page, direction(page, 1), 0.5, 0.9)
    settle(page)
    moved = pixels(page)
    assert moved != before
    assert float(direction(page, 1).input_value()) > 1
    page.keyboard.press("Control+z")
    settle(page)
    assert pixels(page) == before
    assert direction(page, 1).input_value() == "0"
    page.keyboard.press("Control+Shift+Z")
    settle(page)
    assert pixels(page) == moved
    direction(page, 1).dblclick(position={"x": 2, "y": 2})
    settle(page)
    assert direction(page, 1).input_value() == "0"
    assert pixels(page) == before


def test_the_picture_follows_while_the_hand_is_down(visit):
    """Frames are drawn during a drag, not only at its end, and never an older one over a newer one."""
    page = visit()
    page.wait_for_selector(".direction input:enabled")
    count = "() => Number(document.querySelector('.desk .picture').dataset.shown)"
    stamp = "() => Number(document.querySelector('.desk .picture').dataset.stamp)"
    start, stamps = page.evaluate(count), []
    box = direction(page, 2).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    for i in range(40):
        page.mouse.move(box["x"] + box["width"] / 2 + 3 * i, box["y"] + 5)
        page.wait_for_timeout(16)
        stamps.append(page.evaluate(stamp))
    assert page.evaluate(count) - start >= 8
    assert stamps == sorted(stamps)
    page.mouse.up()


def test_painting_across_the_faders_moves_many(visit):
    """One stroke over the bank moves every fader it passes, a double-click frees one, reset frees all."""
    page = visit("?seed=3")
    before = pixels(page)
    bank = page.locator(".bank")
    drag(page, bank, 0.1, 0.4, steps=3)
    settle(page)
    moved = page.locator(".fader.moved").count()
    assert 25 <= moved <= 35
    assert pixels(page) != before
    page.locator(".fader.moved").nth(5).dblclick()
    assert page.locator(".fader.moved").count() == moved - 1
    page.get_by_role("button", name="reset").click()
    settle(page)
    assert page.locator(".fader.moved").count() == 0
    assert pixels(page) == before


def test_a_fader_obeys_the_keyboard(visit):
    """Arrows choose and move a fader; a reader of the screen hears its value."""
    page = visit("?seed=3")
    fader = page.get_by_role("slider", name="Dimension 0", exact=True)
    fader.focus()
    value = float(fader.get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowUp")
    assert float(fader.get_attribute("aria-valuenow")) == pytest.approx(value + 0.1, abs=0.011)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Dimension 1"
    page.keyboard.press("Control+z")
    assert float(fader.get_attribute("aria-valuenow")) == pytest.approx(value, abs=0.011)


def test_a_link_opens_on_its_face_and_the_address_is_a_link(visit):
    """What a link names is dialled in; what is dialled in afterwards is the address, and opens as the same picture."""
    page = visit("?model=first&seed=7&psi=0.6&edits=d3:1.5,j0:-2")
    page.wait_for_selector(".direction input:enabled")
    assert page.get_by_label("Seed", exact=True).input_value() == "7"
    assert page.get_by_label("Truncation psi").input_value() == "0.6"
    assert direction(page, 1).input_value() == "-2"
    assert page.locator(".fader.moved").count() == 1
    page.get_by_label("Seed", exact=True).fill("8")
    settle(page)
    page.wait_for_url("**seed=8**")
    again = visit(page.url.partition("/?")[2].join(["?", ""]))
    assert pixels(again) == pixels(page)


def test_a_bad_link_is_explained(visit):
    """Parts of a link that cannot be used are named on the page, and a face is shown all the same."""
    page = visit("?seed=banana&psi=99")
    notice = page.locator(".notice").inner_text()
    assert "seed" in notice and "Psi" in notice
    assert page.get_by_label("Seed", exact=True).input_value() == "3"


def test_a_bad_seed_is_explained_and_the_picture_stays(visit):
    """A seed that is none gives a sentence under the picture; the picture stays as it was."""
    page = visit()
    before = pixels(page)
    page.get_by_label("Seed", exact=True).fill("99999999999999999999")  # longer than the field takes: cut to 19 digits
    page.get_by_label("Seed", exact=True).fill("-5")
    assert "whole number" in page.locator(".desk .sentence").inner_text()
    assert pixels(page) == before


def test_going_to_a_neighbour(visit):
    """A click on a neighbour moves the sliders there; undo comes back."""
    page = visit()
    page.wait_for_selector(".neighbour.ready")
    before = pixels(page)
    page.get_by_role("button", name="Go to neighbour 5", exact=True).click()
    settle(page)
    assert pixels(page) != before
    assert any(page.locator(".direction input").nth(i).input_value() != "0" for i in range(8))
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert pixels(page) == before


def test_another_model_draws_another_face(visit):
    """The same seed in another model is another picture; a model without a critic says so."""
    page = visit("?seed=5")
    before = pixels(page)
    page.get_by_label("Model").select_option("second")
    page.wait_for_function("document.querySelector('.opinion').textContent.includes('no critic')")
    assert pixels(page) != before
    assert page.get_by_label("Seed", exact=True).input_value() == "5"


def test_pixels_are_the_generators_own(visit):
    """The switch shows the picture in the generator's own size, unsmoothed, and back."""
    page = visit("?seed=5")
    width = "document.querySelector('.desk .picture').width"
    assert page.evaluate(width) == 256
    page.get_by_role("button", name="pixels").click()
    page.wait_for_function(f"{width} === 64")
    assert page.locator(".desk .picture").evaluate("c => getComputedStyle(c).imageRendering") == "pixelated"
    page.get_by_role("button", name="pixels").click()
    page.wait_for_function(f"{width} === 256")


def test_saving_gives_a_png(visit):
    """Both buttons save a PNG of the size they promise."""
    from PIL import Image

    page = visit("?seed=5")
    for name, size in (("PNG", 64), ("PNG 512", 512)):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        assert Image.open(download.value.path()).size == (size, size)
        assert f"seed-5-{size}.png" in download.value.suggested_filename


def test_without_a_server_the_picture_stays(visit):
    """Offline the last picture is kept and greyed with a word; back online it goes on with the newest wish."""
    page = visit()
    page.wait_for_selector(".direction input:enabled")
    before = pixels(page)
    page.context.set_offline(True)
    drag(page, direction(page, 1), 0.5, 0.8)
    page.wait_for_selector('.desk .stage[data-state="offline"]')
    assert pixels(page) == before
    assert page.locator(".desk .away").is_visible()
    page.context.set_offline(False)
    page.wait_for_selector('.desk .stage[data-state="live"]')
    settle(page)
    assert pixels(page) != before


def test_a_film_is_made_and_plays(visit):
    """Interpolate walks by hand, makes an MP4, and the page plays it with the wanted length and size."""
    page = visit()
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.cutting .stage[data-state="live"]')
    page.wait_for_timeout(1000)
    before = pixels(page, ".cutting .picture")
    drag(page, page.get_by_label("Walk along the path"), 0.01, 0.3)
    page.wait_for_function(f"before => ({PIXELS})('.cutting .picture') !== before", arg=before)
    page.get_by_role("button", name="Add a face").click()
    assert page.locator(".frames-row canvas").count() == 3
    page.get_by_label("seconds").fill("2")
    page.get_by_role("button", name="Make film").click()
    video = page.locator(".result video")
    video.wait_for()
    page.wait_for_function("document.querySelector('.result video').readyState >= 2")
    assert video.evaluate("v => v.duration") == pytest.approx(2, abs=0.1)
    assert video.evaluate("v => [v.videoWidth, v.videoHeight]") == [256, 256]
    page.wait_for_function("document.querySelector('.result video').currentTime > 0")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save film").click()
    assert download.value.suggested_filename.endswith(".mp4")


def test_a_film_can_be_cancelled(visit):
    """Cancel ends a film that would take long, says so, and another can be made."""
    page = visit()
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.cutting .stage[data-state="live"]')
    page.get_by_label("seconds").fill("60")
    page.get_by_label("size").select_option("512")
    page.get_by_role("button", name="Make film").click()
    page.wait_for_function("document.querySelector('.estimate').textContent.includes('of 1800 frames')")
    page.get_by_role("button", name="cancel").click()
    page.wait_for_function("document.querySelector('.estimate').textContent === 'Cancelled.'")
    assert page.get_by_role("button", name="Make film").is_enabled()
    assert not page.locator(".result").is_visible()


def test_a_face_goes_from_the_desk_into_the_film(visit):
    """The desk's face becomes a keyframe with its edits."""
    page = visit("?seed=77&edits=d3:2")
    page.get_by_role("button", name="→ film").click()
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.cutting .stage[data-state="live"]')
    assert page.get_by_label("Seed of face C").input_value() == "77"
    assert page.locator(".frames-row .mark").count() == 1


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, scheme):
    """At 390 pixels nothing is wider than the screen, and the picture stays on top while the sliders scroll."""
    page = visit(width=390, height=844, is_mobile=True, has_touch=True, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    direction(page, 8).scroll_into_view_if_needed()
    stage = page.locator(".desk .stage").bounding_box()
    assert 0 <= stage["y"] < 20
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.cutting .stage[data-state="live"]')
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_theme_can_be_chosen_and_is_kept(visit):
    """The system decides at first; the button's choice outlives a reload."""
    page = visit(color_scheme="light")
    assert not page.evaluate("document.body.classList.contains('dark')")
    page.get_by_role("button", name="Dark or light").click()
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector('.desk .stage[data-state="live"]')
    assert page.evaluate("document.body.classList.contains('dark')")


def test_learn_names_the_loaded_model(visit):
    """The Learn tab's figures are the loaded model's."""
    page = visit()
    page.get_by_role("tab", name="Learn").click()
    page.wait_for_function("document.querySelector('.live')?.textContent.includes('tiny-1')")
    assert "√100" in page.locator(".radius").inner_text()
