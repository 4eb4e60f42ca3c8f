"""The Explore tab in a real Chromium: its controls, its picture, links, and the panels beside it."""

from __future__ import annotations

import numpy as np
import pytest
from browsing import PIXELS, direction, drag, pixels, settle
from PIL import Image

from dcgan.images import to_pil
from dcgan.latent import z_from_seed
from dcgan.schema import Face, encode_z

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


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


def test_the_picture_follows_during_a_drag(visit):
    """Frames are drawn during a drag, not only at its end, and an older one never covers a newer one."""
    page = visit()
    page.wait_for_selector(".direction input:enabled")
    count = "() => Number(document.querySelector('.explore .picture').dataset.shown)"
    stamp = "() => Number(document.querySelector('.explore .picture').dataset.stamp)"
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
    """A drag across the bank moves every fader on its way, a double-click resets one, the reset button all."""
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


def test_a_fader_stands_as_high_as_its_value(visit):
    """Bars reach from the middle to the value that is read out, also under psi, and none is too thin to see."""
    page = visit("?seed=3&edits=d0:2,d1:-3")
    page.get_by_label("Truncation psi").fill("0.7")
    settle(page)
    faders = page.evaluate("""() => [...document.querySelectorAll(".fader")].map((fader) => {
      const slot = fader.getBoundingClientRect(), bar = fader.querySelector("i").getBoundingClientRect();
      const height = (y) => 1 - (2 * (y - slot.top)) / slot.height;
      return [Number(fader.ariaValueNow), height(bar.bottom), height(bar.top), bar.height];
    })""")
    assert any(value > 1 for value, *_ in faders) and any(value < -1 for value, *_ in faders)
    for value, bottom, top, pixels_high in faders:
        end = max(-1.0, min(1.0, value / 3.5))
        assert (bottom, top) == pytest.approx((min(end, 0), max(end, 0)), abs=0.021)
        assert pixels_high >= 2


def test_a_fader_obeys_the_keyboard(visit):
    """Arrow keys choose and move a fader; its value is in aria-valuenow, for screen readers."""
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
    """A link sets seed, psi and sliders; a later change is written into the address, which opens the same picture."""
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


def test_a_latent_from_a_link_is_edited_like_a_seed(visit):
    """A link's own latent is drawn; sliders move it, undo restores it, and the dice replace it by a seed."""
    z = encode_z(z_from_seed(7, 100))
    page = visit(f"?model=first&z={z}")
    page.wait_for_selector(".direction input:enabled")
    seed = page.get_by_label("Seed", exact=True)
    assert seed.input_value() == "" and seed.get_attribute("placeholder") == "none"
    assert float(page.locator(".fader").first.get_attribute("aria-valuenow")) == pytest.approx(
        float(z_from_seed(7, 100)[0]), abs=0.011
    )
    before = pixels(page)
    drag(page, direction(page, 1), 0.5, 0.9)
    settle(page)
    assert pixels(page) != before
    page.wait_for_url(f"**z={z}&edits=**")
    page.keyboard.press("Control+z")
    settle(page)
    assert pixels(page) == before
    page.get_by_role("button", name="→ film").click()
    page.get_by_role("button", name="Random seed").click()
    settle(page)
    assert seed.input_value() != "" and pixels(page) != before
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.interpolate .stage[data-state="live"]')
    assert page.get_by_label("Seed of face D").input_value() == ""


def test_a_bad_link_is_explained(visit):
    """Parts of a link that cannot be used are named on the page, and a face is shown all the same."""
    page = visit("?seed=banana&psi=99")
    notice = page.locator(".notice").inner_text()
    assert "seed" in notice and "Psi" in notice
    assert page.get_by_label("Seed", exact=True).input_value() == "27"


def test_a_bad_seed_is_explained_and_the_picture_stays(visit):
    """A seed that is none gives a sentence under the picture; the picture stays as it was."""
    page = visit()
    before = pixels(page)
    page.get_by_label("Seed", exact=True).fill("99999999999999999999")  # longer than the field takes: cut to 19 digits
    page.get_by_label("Seed", exact=True).fill("-5")
    assert "whole number" in page.locator(".explore .sentence").inner_text()
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
    page.get_by_label("Model", exact=True).select_option("second")
    page.wait_for_function("document.querySelector('.score').textContent.includes('without its critic')")
    settle(page)
    assert pixels(page) != before
    assert page.get_by_label("Seed", exact=True).input_value() == "5"


def drawn_by_renderer(served, seed):
    """The generator's picture of a seed of model "first", uint8 [64, 64, 3]."""
    renderer = served.services.renderer
    z = renderer.latent("first", Face(seed=seed))
    return renderer.render("first", z[None])[0].permute(1, 2, 0).numpy()


def test_pixels_are_the_generators_own(visit, served):
    """The switch shows exactly the pixels that the generator drew, enlarged without smoothing, and back."""
    page = visit("?model=first&seed=5")
    width = "document.querySelector('.explore .picture').width"
    assert page.evaluate(width) == 256
    page.get_by_role("button", name="pixels").click()
    page.wait_for_function(f"{width} === 64")
    shown = page.locator(".explore .picture").evaluate(
        "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 64, 64).data)"
    )
    rgb = np.array(shown, dtype=np.uint8).reshape(64, 64, 4)[..., :3]
    assert np.array_equal(rgb, drawn_by_renderer(served, 5))
    assert page.locator(".explore .picture").evaluate("c => getComputedStyle(c).imageRendering") == "pixelated"
    page.get_by_role("button", name="pixels").click()
    page.wait_for_function(f"{width} === 256")


def test_saving_gives_a_png(visit, served):
    """Both buttons save a PNG of the size they promise; the small one has exactly the generator's pixels."""
    page = visit("?model=first&seed=5")
    for name, size in (("PNG", 64), ("PNG 512", 512)):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        saved = Image.open(download.value.path())
        assert (saved.format, saved.size) == ("PNG", (size, size))
        assert f"seed-5-{size}.png" in download.value.suggested_filename
        if size == 64:
            assert np.array_equal(np.asarray(saved.convert("RGB")), drawn_by_renderer(served, 5))


def test_without_a_server_the_picture_stays(visit):
    """Offline the last picture stays, greyed, under a note; back online the newest picture is drawn."""
    page = visit()
    page.wait_for_selector(".direction input:enabled")
    before = pixels(page)
    page.context.set_offline(True)
    drag(page, direction(page, 1), 0.5, 0.8)
    page.wait_for_selector('.explore .stage[data-state="offline"]')
    assert pixels(page) == before
    assert page.locator(".explore .away").is_visible()
    page.context.set_offline(False)
    page.wait_for_selector('.explore .stage[data-state="live"]')
    settle(page)
    assert pixels(page) != before


def test_a_photo_is_cropped_found_and_moved_by_the_sliders(visit, served, tmp_path):
    """A photo is cropped with the pointer and the keys; the latent that was found for it is edited by the sliders."""
    renderer = served.services.renderer
    face = to_pil(renderer.render("first", renderer.latent("first", Face(seed=4242))[None])[0], 256)
    paper = Image.new("RGB", (500, 400), "gray")
    paper.paste(face, (122, 72))
    paper.save(tmp_path / "photo.png")
    (tmp_path / "notes.txt").write_text("no picture")
    page = visit("?model=first&seed=3")
    page.wait_for_selector(".direction input:enabled")
    before = pixels(page)
    page.get_by_role("button", name="my photo").click()
    dialog = page.locator("dialog.photo")
    dialog.locator(".file").first.set_input_files(tmp_path / "notes.txt")
    page.wait_for_function("document.querySelector('.verdict').textContent.includes('cannot read')")
    dialog.locator(".file").first.set_input_files(tmp_path / "photo.png")
    page.wait_for_selector('dialog[data-state="crop"]')
    crop = dialog.locator(".crop")
    dialog.locator("input.guide").uncheck()
    plain = pixels(page, ".crop")
    dialog.locator("input.guide").check()
    page.wait_for_function(f"plain => ({PIXELS})('.crop') !== plain", arg=plain)
    whole = pixels(page, ".crop")
    drag(page, crop, 0.5, 0.45)
    moved = pixels(page, ".crop")
    assert moved != whole
    crop.focus()
    for _ in range(9):  # 400 pixels · 1.05^-9 = 258
        page.keyboard.press("+")
    assert float(dialog.get_by_role("slider", name="Zoom").input_value()) > 0.1 and pixels(page, ".crop") != moved
    dialog.get_by_role("button", name="Find this face").click()
    page.wait_for_selector('dialog[data-state="found"]')
    assert "Distance 0." in dialog.locator(".verdict").inner_text()
    dialog.get_by_role("button", name="To the sliders").click()
    page.wait_for_url("**z=**")
    settle(page)
    found = pixels(page)
    assert found != before
    drag(page, direction(page, 1), 0.5, 0.9)
    settle(page)
    assert pixels(page) != found
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    settle(page)
    assert pixels(page) == before


def test_the_mean_face_lies_over_a_photo_only_while_its_box_is_checked(visit, tmp_path):
    """The mean face is requested once; arriving while its box is unchecked, it is shown when the box is checked."""
    Image.new("RGB", (300, 300), "gray").save(tmp_path / "photo.png")
    script = """
      const make = createImageBitmap;
      window.means = 0;
      window.createImageBitmap = async (source) => {
        const bitmap = await make(source);
        if (source instanceof ImageData) window.means += 1;
        return bitmap;
      };"""
    page, held = visit("?model=first&seed=3", script=script), []
    page.wait_for_selector(".direction input:enabled")

    def hold(route):
        held.append(route) if route.request.post_data_json["cell"] == 128 else route.continue_()

    page.route("**/dcgan/sheet", hold)
    with page.expect_request(lambda request: request.url.endswith("dcgan/sheet") and "128" in request.post_data):
        page.get_by_role("button", name="my photo").click()
    dialog = page.locator("dialog.photo")
    dialog.locator(".file").first.set_input_files(tmp_path / "photo.png")
    page.wait_for_selector('dialog[data-state="crop"]')
    plain, box = pixels(page, ".crop"), dialog.locator("input.guide")
    box.uncheck()
    with page.expect_response("**/dcgan/sheet"):
        held[0].continue_()
    page.wait_for_function("window.means === 1")
    page.evaluate("() => new Promise(requestAnimationFrame)")  # what draws the mean runs before the next frame
    assert pixels(page, ".crop") == plain
    box.check()
    page.wait_for_function(f"plain => ({PIXELS})('.crop') !== plain", arg=plain)
    box.uncheck()
    assert pixels(page, ".crop") == plain
    assert len(held) == 1


# the browser's own measure: the share of the screen that moved, times how far. What Gradio lays out first is not ours.
SHIFTS = """
  window.shifted = 0;
  const ours = ({ sources }) => sources.some(({ node }) => node?.parentElement?.closest(".explore-layout"));
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries().filter(ours)) window.shifted += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_nothing_shifts_while_it_loads(visit, width, height):
    """Directions, strips, neighbours and the critic's sentence move nothing on the page when they arrive."""
    page = visit("?model=first&seed=3", width=width, height=height, script=SHIFTS, is_mobile=width < 500)
    page.wait_for_selector(".direction input:enabled")
    page.wait_for_selector(".neighbour.ready")
    page.wait_for_function("!document.querySelector('.critic.stale')")
    assert page.evaluate("window.shifted") < 0.01


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, scheme):
    """At 390 pixels nothing is wider than the screen, and the picture stays on top while the sliders scroll."""
    page = visit(width=390, height=844, is_mobile=True, has_touch=True, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="my photo").click()
    assert page.locator("dialog.photo").evaluate("d => d.scrollWidth <= d.clientWidth")
    page.keyboard.press("Escape")
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    direction(page, 8).scroll_into_view_if_needed()
    stage = page.locator(".explore .stage").bounding_box()
    assert 0 <= stage["y"] < 20
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.interpolate .stage[data-state="live"]')
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_theme_can_be_chosen_and_is_kept(visit):
    """At first the theme is the system's; the one chosen by the button stays after a reload."""
    page = visit(color_scheme="light")
    assert not page.evaluate("document.body.classList.contains('dark')")
    page.get_by_role("button", name="Dark or light").click()
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector('.explore .stage[data-state="live"]')
    assert page.evaluate("document.body.classList.contains('dark')")


def test_the_keyboard_reaches_a_slider_soon_and_a_run_of_keys_is_one_undo(visit):
    """A link before the picture skips to the sliders; ten presses of an arrow key, or a typed seed, are one undo."""
    page = visit("?model=first&seed=3")
    page.wait_for_selector(".direction input:enabled")
    focused = "document.activeElement.textContent"
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Skip to the sliders":
            break
    page.keyboard.press("Enter")
    slider = direction(page, 1)
    assert slider.evaluate("slider => slider === document.activeElement")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert slider.input_value() == "0.5"
    seed = page.get_by_label("Seed", exact=True)
    seed.select_text()
    seed.press_sequentially("124")
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    assert (seed.input_value(), slider.input_value()) == ("3", "0.5")
    undo.click()
    assert slider.input_value() == "0" and undo.is_disabled()


def test_the_neighbours_are_one_stop_of_the_tab_key(visit):
    """Tab passes the sixteen neighbours in one step; the arrow keys go from one to the next, and down a row."""
    page = visit("?model=first&seed=3")
    page.wait_for_selector(".neighbour.ready")
    page.get_by_role("button", name="Other neighbours").focus()
    focused = "document.activeElement.getAttribute('aria-label')"
    reached = []
    for key in ("Tab", "ArrowRight", "ArrowDown", "ArrowLeft", "Tab"):
        page.keyboard.press(key)
        reached.append(page.evaluate(focused))
    assert reached[:4] == [f"Go to neighbour {number}" for number in (1, 2, 10, 9)]
    assert not (reached[4] or "").startswith("Go to")
