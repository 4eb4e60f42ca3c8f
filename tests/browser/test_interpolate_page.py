"""The Interpolate tab in a real Chromium: keyframes, the walk, the field, films."""

from __future__ import annotations

import pytest
from browsing import PIXELS, drag, pixels, settle

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


@pytest.fixture
def open_interpolate(visit):
    """open_interpolate(query, **what blank takes) → the Interpolate tab, its first picture drawn."""

    def open_tab(query="", **options):
        page = visit(query, **options)
        page.get_by_role("tab", name="Interpolate").click()
        page.wait_for_selector('.interpolate .stage[data-state="live"]')
        settle(page, ".interpolate .picture")
        return page

    return open_tab


def changes(page, selector, before):
    """Wait until a canvas shows something else."""
    page.wait_for_function(f"before => ({PIXELS})('{selector}') !== before", arg=before)


def seeds(page):
    return [page.locator(".key .seed").nth(i).input_value() for i in range(page.locator(".key").count())]


def test_a_film_is_made_and_plays(open_interpolate):
    """The slider moves along the path; an MP4 is made, and the page plays it with the wanted length and size."""
    page = open_interpolate()
    before = pixels(page, ".interpolate .picture")
    drag(page, page.get_by_label("Walk along the path"), 0.01, 0.3)
    changes(page, ".interpolate .picture", before)
    page.get_by_role("button", name="Add a face").click()
    assert page.locator(".key").count() == 4
    page.get_by_label("length").fill("2")
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


@pytest.mark.parametrize("fmt", ["webm", "gif", "webp", "zip"])
def test_films_of_every_format(open_interpolate, fmt):
    """A 2 × 2 film in each format is shown (a zip is not) and saved under its ending."""
    page = open_interpolate()
    page.get_by_label("length").fill("1")
    page.get_by_label("format").select_option(fmt)
    page.get_by_label("films").select_option("2")
    page.get_by_role("button", name="Make film").click()
    page.locator(".result .save-film").wait_for()
    if fmt == "webm":
        page.wait_for_function("document.querySelector('.result video').currentTime > 0")
    elif fmt != "zip":
        page.wait_for_function("document.querySelector('.result img').naturalWidth === 256")
    assert (page.locator(".result .show > *").count() == 0) == (fmt == "zip")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save film").click()
    assert download.value.suggested_filename == f"dcgan-walk.{fmt}"


def test_an_estimate_comes_before_the_film(open_interpolate):
    """Frames, time and size are told without making the film, and told anew for another format."""
    page = open_interpolate()
    line = page.locator(".estimate")
    told = "document.querySelector('.estimate').textContent"
    page.wait_for_function(f"/180 frames, about .* s to make, about .* [kM]B/.test({told})")
    first = line.inner_text()
    page.get_by_label("format").select_option("zip")
    page.wait_for_function(f"first => /to make/.test({told}) && {told} !== first", arg=first)
    assert "MB" in line.inner_text()


def test_keyframes_are_reordered_with_the_mouse(open_interpolate):
    """The first picture dragged behind the last moves there with its seconds; a drag of a few pixels moves nothing."""
    page = open_interpolate()
    page.get_by_label("Time from A to B").fill("5")
    assert seeds(page) == ["27", "44", "59"]
    before = pixels(page, ".interpolate .picture")
    first, last = (page.locator(".key canvas").nth(i).bounding_box() for i in (0, 2))
    y = first["y"] + 80
    page.mouse.move(first["x"] + 50, y)
    page.mouse.down()
    page.mouse.move(first["x"] + 53, y)
    page.mouse.up()
    assert seeds(page) == ["27", "44", "59"]
    page.mouse.move(first["x"] + 50, y)
    page.mouse.down()
    page.mouse.move(last["x"] + 90, y, steps=10)
    assert page.locator(".key.after").count() == 1
    page.mouse.up()
    assert seeds(page) == ["44", "59", "27"]
    assert page.get_by_label("Time from C to A").input_value() == "5"
    changes(page, ".interpolate .picture", before)
    page.mouse.move(first["x"] + 50, y)
    page.mouse.down()
    page.mouse.move(last["x"] + 90, y, steps=10)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert seeds(page) == ["44", "59", "27"]


def test_keyframes_are_reordered_with_the_keyboard(open_interpolate):
    """Arrow keys on a grip move its face and keep the focus; the new place is announced to screen readers."""
    page = open_interpolate()
    page.get_by_role("button", name="Move face A", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert seeds(page) == ["44", "27", "59"]
    assert page.locator(".moved").inner_text() == "Moved to place 2 of 3."
    page.keyboard.press("End")
    assert seeds(page) == ["44", "59", "27"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    assert seeds(page) == ["27", "44", "59"]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move face A"


def test_keyframes_are_reordered_with_a_finger(open_interpolate):
    """On a phone the grip drags; the picture beside it leaves the row free to scroll."""
    page = open_interpolate(width=390, height=844, is_mobile=True, has_touch=True)
    grip = page.get_by_role("button", name="Move face A", exact=True)
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + 15, box["y"] + 15
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + 27 * step, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert seeds(page) == ["44", "27", "59"]


def test_durations_place_the_faces_in_time(open_interpolate):
    """A longer stretch takes more of the walk, the length is their sum, and changing it keeps their proportions."""
    page = open_interpolate()
    assert page.get_by_label("length").input_value() == "6"
    page.get_by_label("Time from A to B").fill("6")
    assert page.get_by_label("length").input_value() == "10"
    assert page.locator(".ticks i").nth(1).evaluate("tick => tick.style.left") == "60%"
    page.get_by_label("length").fill("5")
    assert page.get_by_label("Time from A to B").input_value() == "3"
    page.get_by_label("Time from B to C").fill("0")
    assert page.get_by_label("Time from B to C").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("length").input_value() == "5"
    page.get_by_label("loop").uncheck()
    assert page.get_by_label("length").input_value() == "4"
    assert page.locator(".ticks i").count() == 3
    assert not page.get_by_label("Time from C to A").is_visible()


def test_a_field_is_explored_with_pointer_and_keys(open_interpolate):
    """The pad's corner is the face there; dragging and arrow keys change the picture; two faces make no field."""
    page = open_interpolate()
    page.wait_for_selector(".pad.ready")
    at_a = pixels(page, ".interpolate .picture")  # the walk begins at face A
    pad = page.get_by_role("application", name="Field")
    drag(page, pad, 0.5, 0.9)
    changes(page, ".interpolate .picture", at_a)
    settle(page, ".interpolate .picture")
    before = pixels(page, ".interpolate .picture")
    page.wait_for_function("document.querySelector('.plane .place').textContent === '90 % right, 50 % down'")
    page.keyboard.press("Shift+ArrowLeft")
    changes(page, ".interpolate .picture", before)
    pad.focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Shift+ArrowUp")
    settle(page, ".interpolate .picture")
    assert pixels(page, ".interpolate .picture") == at_a
    page.get_by_role("button", name="Remove face C").click()
    assert "third face" in page.locator(".plane .about").inner_text()
    assert not page.locator(".spot").is_visible()


def test_the_walk_plays_in_the_page(open_interpolate):
    """Play moves the slider and draws pictures; pause stops; without a loop it stops at the end."""
    page = open_interpolate()
    walker = page.get_by_label("Walk along the path")
    shown = "() => Number(document.querySelector('.interpolate .picture').dataset.shown)"
    start = page.evaluate(shown)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.walker').value > 0.2")
    assert page.evaluate(shown) - start >= 10
    page.get_by_role("button", name="Pause").click()
    at = walker.input_value()
    # a walk that went on would have moved in each of these frames
    page.evaluate("""async () => { for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame); }""")
    assert walker.input_value() == at
    page.get_by_label("loop").uncheck()
    page.get_by_label("length").fill("1")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.walker').value === '1'")
    assert page.get_by_role("button", name="Play").is_visible()


def test_a_film_can_be_cancelled(open_interpolate):
    """Cancel ends a film that would take long, says so, and another can be made."""
    page = open_interpolate()
    page.get_by_label("length").fill("60")
    page.get_by_label("size").select_option("512")
    page.get_by_role("button", name="Make film").click()
    page.wait_for_function("document.querySelector('.estimate').textContent.includes('of 1800 frames')")
    page.get_by_role("button", name="cancel").click()
    page.wait_for_function("document.querySelector('.estimate').textContent === 'Cancelled.'")
    assert page.get_by_role("button", name="Make film").is_enabled()
    assert not page.locator(".result").is_visible()


def test_a_face_goes_from_explore_into_the_film(open_interpolate):
    """The face of the Explore tab becomes a keyframe with its edits."""
    page = open_interpolate("?seed=77&edits=d3:2")
    page.get_by_role("tab", name="Explore").click()
    page.get_by_role("button", name="→ film").click()
    page.get_by_role("tab", name="Interpolate").click()
    assert page.get_by_label("Seed of face D").input_value() == "77"
    assert page.locator(".frames-row .mark").count() == 1
    page.get_by_role("button", name="from Explore").click()
    assert page.get_by_label("Seed of face E").input_value() == "77"
    assert page.locator(".frames-row .mark").count() == 2


@pytest.mark.parametrize(
    ("label", "text", "sentence"),
    [
        ("length", "90", "A film lasts 0.1 to 60 seconds, not 90."),
        ("length", "", "A film lasts 0.1 to 60 seconds."),
        ("Time from A to B", "0", "From one face to the next the film takes 0.1 to 60 seconds, not 0."),
        ("Seed of face B", "-4", "A seed is a whole number from 0 to 9223372036854775807, not “-4”."),
    ],
)
def test_no_film_is_made_of_a_refused_value(open_interpolate, label, text, sentence):
    """A refused length, time or seed keeps its text, is named as an error, and has to be corrected before a film."""
    page, films = open_interpolate(), []
    page.on("request", lambda request: films.append(request) if request.url.endswith("dcgan/film") else None)
    page.get_by_label(label).fill(text)
    line = page.locator(".estimate.wrong")
    assert line.inner_text() == sentence
    page.get_by_label("format").select_option("zip")
    page.get_by_role("button", name="Make film").click()
    assert line.inner_text() == sentence and films == []
    field = page.get_by_label(label)
    assert field.input_value() == text and field.evaluate("field => field === document.activeElement")
    field.fill("3")
    page.get_by_label("length").fill("1")
    with page.expect_request("**/dcgan/film"):
        page.get_by_role("button", name="Make film").click()


def test_the_limit_of_a_film_is_told_in_seconds_as_an_error(open_interpolate):
    """A film that is too long for its frame rate is refused in red, with the seconds that are allowed."""
    page = open_interpolate()
    page.get_by_label("length").fill("8")
    page.get_by_label("fps").select_option("60")
    page.get_by_label("films").select_option("4")
    page.wait_for_function("document.querySelector('.estimate.wrong')?.textContent.includes('7.5 s here, not 8 s')")


def test_a_film_between_a_face_and_itself_is_said_to_be_still(open_interpolate):
    """The estimate names a stretch between two equal faces, where nothing moves, and a film of equal faces only."""
    page = open_interpolate()
    told = "document.querySelector('.estimate').textContent"
    page.wait_for_function(f"/to make/.test({told})")
    assert "nothing moves" not in page.inner_text(".estimate")
    page.get_by_label("Seed of face B").fill("27")
    page.wait_for_function(f"/to make.*; nothing moves from A to B, since both are the same face$/.test({told})")
    page.get_by_label("Seed of face C").fill("27")
    page.wait_for_function(f"/to make.*; nothing moves, since all faces are the same$/.test({told})")
