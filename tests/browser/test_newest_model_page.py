"""Explore on the model of a run that trains: newer models are offered or followed, with every slider in its place."""

from __future__ import annotations

from statistics import mean

import pytest
from browsing import pixels, settle
from filelock import FileLock
from live_page import live_page
from run_folders import save_snapshot, write_run

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

OFFER = "A newer model of this run is here (after {} pictures):"


@pytest.fixture
def served(tmp_path):
    with live_page(tmp_path) as live:
        yield live


@pytest.fixture
def run(served):
    """The folder of a run that trains, with models after 2000 and 4000 pictures."""
    run = write_run(served.services.jobs.runs, "live", state="running")
    with FileLock(run / "lock"):
        yield run


def offered(page, nimg):
    """Waits until the model after this many pictures is offered."""
    page.wait_for_function(
        "words => document.querySelector('.newer-words')?.textContent === words", arg=OFFER.format(nimg)
    )
    page.wait_for_selector(".show-newer:visible")


def shown(page, name):
    """Waits until this model is the page's, and its picture is drawn."""
    page.wait_for_url(f"**model={name.replace('@', '%40')}&**")
    settle(page)


def models(page):
    """The models that requests for pictures, numbers and directions name from now on."""
    asked = []

    def note(request):
        body = request.post_data_json if request.method == "POST" else None
        if body and "model" in body:
            asked.append(body["model"])
        elif "directions?" in request.url or "latent?" in request.url:
            asked.append(request.url.partition("model=")[2].partition("&")[0].replace("%3A", ":").replace("%40", "@"))

    page.on("request", note)
    return asked


def test_a_newer_model_is_offered_and_shown_with_everything_in_its_place(run, visit):
    """Until it is taken nothing changes; then seed, psi, sliders and undo stay, and all is of the newer model."""
    page = visit("?model=run:live&seed=5&edits=d1:2")
    page.wait_for_selector(".newer:visible")
    assert "its newest model is shown" in page.inner_text(".newer-words")
    assert page.locator(".show-newer").is_hidden()
    assert page.locator(".header .model").input_value() == "run:live"
    page.wait_for_selector(".direction input:enabled")
    page.get_by_label("Truncation psi").fill("0.7")
    slider = page.get_by_role("slider", name="Direction 2", exact=True)
    slider.fill("1.5")
    slider.dispatch_event("change")
    shown(page, "run:live@4000")
    before = pixels(page)
    save_snapshot(run, 6000)
    offered(page, "6k")
    slider.dispatch_event("change")
    settle(page)
    assert pixels(page) == before and "%404000" in page.url

    asked = models(page)
    slider.focus()
    page.locator(".show-newer").click()
    shown(page, "run:live@6000")
    newer = pixels(page)
    assert newer != before
    assert "6k pictures seen" in page.inner_text(".header .facts")
    assert page.get_by_label("Seed", exact=True).input_value() == "5"
    assert page.get_by_label("Truncation psi").input_value() == "0.7"
    assert slider.input_value() == "1.5" and page.locator(".fader.moved").count() == 1
    page.wait_for_selector(".direction:not(.stale) .share:has-text('%')")
    assert asked and set(asked) == {"run:live@6000"}
    link = page.url
    page.get_by_role("button", name="Undo", exact=True).click()
    settle(page)
    assert slider.input_value() == "0" and pixels(page) != newer
    assert pixels(visit(link[link.index("?") :])) == newer
    page.get_by_label("Model", exact=True).select_option("first")
    page.wait_for_selector(".newer", state="hidden")


# keeps pictures back while window.hold is true
HOLD = """
  window.held = [];
  const add = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (type, listener, ...rest) {
    const later = (event) => (window.hold ? window.held.push(() => listener(event)) : listener(event));
    add.call(this, type, type === "message" ? later : listener, ...rest);
  };
"""


def test_no_strip_of_a_newer_model_comes_before_its_picture(run, visit):
    """While the newer picture is on its way, no strip and no neighbour of the newer weights is asked for."""
    page = visit("?model=run:live", script=HOLD)
    page.wait_for_selector(".direction input:enabled")
    save_snapshot(run, 6000)
    offered(page, "6k")
    page.evaluate("window.hold = true")
    sheets = []
    page.on("request", lambda request: sheets.append(request.url) if request.url.endswith("/sheet") else None)
    with page.expect_response("**/dcgan/directions?*6000*"):
        page.locator(".show-newer").click()
    page.wait_for_function("window.held.length === 1")
    page.wait_for_timeout(700)  # more than twice as long as the page waits before it asks for strips
    assert not sheets
    with page.expect_request("**/dcgan/sheet"):
        page.evaluate("window.hold = false; for (const draw of window.held) draw();")


def test_a_run_that_is_followed_is_followed_over_a_reload(run, visit):
    """With the check each newer model is shown as it comes, also after a reload, and no more after a chosen moment."""
    page = visit("?model=run:live&seed=5")
    page.wait_for_selector(".newer:visible")
    page.get_by_label("follow the run").check()
    save_snapshot(run, 6000)
    shown(page, "run:live@6000")
    save_snapshot(run, 8000)
    page.reload()
    shown(page, "run:live@8000")
    assert page.get_by_label("follow the run").is_checked()
    assert page.get_by_label("Seed", exact=True).input_value() == "5"
    page.goto(page.url.replace("%408000", "%402000"))
    offered(page, "8k")
    assert not page.get_by_label("follow the run").is_checked() and "%402000" in page.url


def test_a_second_visitor_of_a_copied_link_sees_the_same_picture(run, visit):
    """The link names the moment, so it draws the same when the run has gone on; the newest model is offered."""
    page = visit("?model=run:live&seed=5&edits=d0:1")
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text; }")
    page.get_by_role("button", name="copy link").click()
    copied = page.wait_for_function("window.copied").json_value()
    assert "run:live%404000" in copied
    save_snapshot(run, 6000)
    guest = visit(copied[copied.index("?") :])
    assert pixels(guest) == pixels(page)
    offered(guest, "6k")
    assert guest.locator(".header .model").input_value() == "run:live@4000"


def test_a_model_that_is_deleted_makes_way_for_the_newest(run, visit):
    """A run keeps few models; where the shown one goes, the newest is shown, with a sentence."""
    page = visit("?model=run:live&seed=5")
    before = pixels(page)
    save_snapshot(run, 6000)
    for file in (run / "snapshots").glob("*000004000*"):
        file.unlink()
    shown(page, "run:live@6000")
    assert pixels(page) != before
    assert "The model after 4k pictures is no longer kept" in page.inner_text(".notice")


def test_pictures_of_this_browser_change_with_the_model(run, visit, gpu_browser):
    """A browser that draws by itself loads the newer weights, and shows no picture of the older ones meanwhile."""
    page = visit("?model=run:live&seed=5", chromium=gpu_browser)
    page.get_by_label("Pictures drawn by").select_option("browser")
    here = "document.querySelector('.header .machine').textContent.startsWith('this browser')"
    page.wait_for_function(here)
    older = pixels(page)
    save_snapshot(run, 6000)
    offered(page, "6k")
    with page.expect_request("**/dcgan/weights?*6000*"):
        page.locator(".show-newer").click()
    shown(page, "run:live@6000")
    served = pixels(page)
    page.wait_for_function(here)
    page.get_by_role("button", name="pixels").click()
    settle(page)
    page.get_by_role("button", name="pixels").click()
    settle(page)
    drawn = pixels(page)
    # the server's picture is a JPEG, so those of the same weights differ a little
    assert difference(served, drawn) < difference(served, older) / 4


def difference(one, other):
    """The mean difference of two texts of pixels."""
    pairs = zip(one.split(","), other.split(","), strict=True)
    return mean(abs(int(first) - int(second)) for first, second in pairs)
