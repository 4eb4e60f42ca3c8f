"""The buttons that control runs and their queue on the Train tab, in a real Chromium, with real trainers."""

from __future__ import annotations

import pytest
from live_page import live_page
from waiting import wait_until

pytestmark = pytest.mark.slow

SMALL = {"image_size": 32, "ngf": 4, "ndf": 4, "nz": 6, "batch": 8, "threads": 1, "precision": "fp32", "eval_every": 0}
SELDOM = {"sample_every": 10**9, "snapshot_every": 10**9, "state_every": 10**9}


@pytest.fixture
def served(tmp_path):
    """A page of one's own; its runs are ended with the test."""
    with live_page(tmp_path) as live:
        yield live
        live.services.jobs.close()


def start(live, **settings):
    """Start a run as another program does: of a million pictures, unless the settings say how long."""
    return live.services.jobs.start("doodles:64", "quick", {**SMALL, **SELDOM, "kimg": 1000, **settings})


def open_tab(page, url):
    """The Train tab of a visitor."""
    page.set_default_timeout(120_000)
    page.goto(url)
    page.get_by_role("tab", name="Train").click()
    return page


def reload(page):
    """The Train tab after a reload of the page."""
    page.reload()
    page.get_by_role("tab", name="Train").click()


def shows(page, badge, run=""):
    """Wait until the page shows a run in this state."""
    page.wait_for_function(
        """([badge, run]) => document.querySelector('.train .badge')?.textContent === badge
          && (!run || document.querySelector('.train .runs').value === run)""",
        arg=[badge, run],
    )


def press(page, name):
    page.locator(".train .run-view").get_by_role("button", name=name, exact=True).click()


def test_sample_now_and_save_now_show_a_grid_and_a_model_of_this_moment(served, blank):
    """Between two intervals, each button brings what it says, and the run goes on; there is none once it has ended."""
    started = start(served)
    page = open_tab(blank(), served.url)
    shows(page, "● running", started.run)
    page.wait_for_function("document.querySelector('.train .moment').textContent === 'after 0 pictures'")
    assert page.locator(".train .at-moment").is_hidden(), "no model yet"
    press(page, "Sample now")
    page.wait_for_function("document.querySelector('.train .moment').textContent !== 'after 0 pictures'")
    page.wait_for_function("/nimg=[1-9]/.test(document.querySelector('.train .samples').src)")
    press(page, "Save now")
    page.locator(".train .at-moment").wait_for()
    shows(page, "● running", started.run)
    press(page, "Stop")
    shows(page, "stopped", started.run)
    reload(page)
    shows(page, "stopped", started.run)
    for name in ("Sample now", "Save now", "Stop", "Pause"):
        assert page.get_by_role("button", name=name, exact=True).is_hidden()
    wait_until(lambda: served.services.jobs.running() is None)


def test_a_paused_run_says_so_and_is_resumed(served, blank):
    """Pause saves and frees the machine; a reload still says "paused"; Resume goes on from the same pictures."""
    started = start(served)
    page = open_tab(blank(), served.url)
    shows(page, "● running", started.run)
    press(page, "Pause")
    shows(page, "paused", started.run)
    page.get_by_role("button", name="Resume", exact=True).wait_for()
    assert served.services.jobs.running() is None
    paused = served.services.jobs.status(started.run)["nimg"]
    reload(page)
    shows(page, "paused", started.run)
    for name in ("Pause", "Stop", "Sample now"):
        assert page.get_by_role("button", name=name, exact=True).is_hidden()
    press(page, "Resume")
    shows(page, "● running", started.run)
    assert wait_until(lambda: served.services.jobs.status(started.run)["nimg"]) >= paused


def fill_form(page):
    """Fill the form of a new run with the settings of a small one."""
    page.locator(".train .again").click()
    page.wait_for_selector(".train .preview[src]")
    page.locator(".train .kimg").fill("1000")
    page.locator(".train .card summary").click()
    for name in ("ngf", "ndf", "nz", "batch"):
        page.locator(f".train [name={name}]").fill(str(SMALL[name]))
    page.locator(".train [name=image_size]").select_option("32")


def test_a_run_started_while_another_trains_waits_for_its_turn(served, blank):
    """Start says the place; the waiting run is shown with it, also in the list and after a reload; its buttons change
    the order and take it out of the queue; it begins when the run before it has ended."""
    jobs = served.services.jobs
    first = start(served).run
    page = open_tab(blank(), served.url)
    shows(page, "● running", first)
    fill_form(page)
    page.locator(".train .start").click()
    shows(page, "queued, place 1")
    (second,) = jobs.queue.ids()
    assert page.inner_text(".header .notice") == "Another run trains now, so this one is queued, place 1."
    assert "It begins when the run before it has ended." in page.inner_text(".train .word")
    assert page.locator(".train .health").is_hidden(), "a run that waits has no health yet"
    for name in ("Stop", "Pause", "Sample now", "Resume", "Move up", "Move down"):
        assert page.get_by_role("button", name=name, exact=True).is_hidden(), name
    third = start(served).run
    reload(page)
    shows(page, "● running", first)
    page.locator(".runs summary").click()
    page.locator(f".runs li[data-run='{third}'] .open").click()
    shows(page, "queued, place 2", third)
    assert page.inner_text(f".runs li[data-run='{second}'] .state") == "queued, place 1"

    press(page, "Move up")
    shows(page, "queued, place 1", third)
    page.wait_for_function(
        f"document.querySelector('.runs li[data-run=\"{second}\"] .state').textContent.endsWith('2')"
    )
    press(page, "Move down")
    shows(page, "queued, place 2", third)
    press(page, "Move up")
    shows(page, "queued, place 1", third)
    assert jobs.queue.ids() == [third, second]
    page.get_by_role("button", name=f"Move {second} up in the queue").click()
    shows(page, "queued, place 2", third)
    page.get_by_role("button", name=f"Move {second} down in the queue").click()
    shows(page, "queued, place 1", third)
    page.get_by_role("button", name=f"Remove {third} from the queue").click()
    shows(page, "stopped", third)
    press(page, "Resume")
    shows(page, "queued, place 2", third)
    press(page, "Move up")
    shows(page, "queued, place 1", third)
    page.locator(".train .runs").select_option(second)
    shows(page, "queued, place 2", second)
    press(page, "Remove from queue")
    shows(page, "stopped", second)
    assert "It has not begun yet." in page.inner_text(".train .word") and jobs.queue.ids() == [third]
    press(page, "Resume")
    shows(page, "queued, place 2", second)

    page.locator(".train .runs").select_option(third)
    shows(page, "queued, place 1", third)
    jobs.order(first, "pause", wait=60)
    shows(page, "● running", third)
    page.locator(".train .runs").select_option(first)
    shows(page, "paused", first)
    press(page, "Resume")
    shows(page, "queued, place 1", first)
    assert jobs.queue.ids() == [first, second], "a paused run goes before those that wait"


@pytest.fixture
def public(tmp_path):
    """A page that strangers share; its runs are ended with the test."""
    with live_page(tmp_path / "public", public=True) as live:
        yield live
        live.services.jobs.close()


START = """async asked => {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) };
  const started = await (await fetch("dcgan/train/start", options)).json();
  localStorage.setItem("dcgan-tokens", JSON.stringify({ [started.run]: started.token }));
  return started;
}"""


def test_two_visitors_share_the_queue_of_a_public_page(public, browser):
    """The second visitor's run waits; only its owner has buttons for it, and nobody overtakes another; both see it
    begin when the first visitor stops."""
    small = {name: SMALL[name] for name in ("image_size", "nz", "ngf", "ndf", "batch")} | {"kimg": 150}
    asked = {"data": "doodles:64", "preset": "quick", "overrides": small}
    pages, runs = [], []
    for _ in range(2):
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(public.url)
        started = page.evaluate(START, asked)
        pages.append(page)
        runs.append(started["run"])
    anna, ben = pages
    assert public.services.jobs.queue.ids() == [runs[1]]
    for page in pages:
        page.get_by_role("tab", name="Train").click()
        shows(page, "● running", runs[0])
        page.locator(".train .runs").select_option(runs[1])
        shows(page, "queued, place 1", runs[1])
    ben.get_by_role("button", name="Remove from queue").wait_for()
    anna.locator(".train .watching").wait_for()
    assert (
        anna.get_by_role("button", name="Remove from queue").is_hidden() and ben.locator(".train .watching").is_hidden()
    )
    assert ben.get_by_role("button", name="Move up").is_hidden()
    said = ben.evaluate(START, asked)
    assert f"Your run {runs[1]} waits in the queue already" in said["error"]
    anna.locator(".train .runs").select_option(runs[0])
    shows(anna, "● running", runs[0])
    press(anna, "Stop")
    shows(anna, "stopped", runs[0])
    shows(ben, "● running", runs[1])
    anna.locator(".train .runs").select_option(runs[1])
    shows(anna, "● running", runs[1])
    assert anna.get_by_role("button", name="Stop", exact=True).is_hidden()
    for page in pages:
        page.context.close()


def test_the_queue_goes_on_after_a_restart_of_the_app(tmp_path, browser):
    """The run that waited when the app ended begins in the next app, and the page shows it; the other is stopped."""
    with live_page(tmp_path) as live:
        first, second = start(live).run, start(live).run
        wait_until(lambda: live.services.jobs.status(first)["nimg"])
        live.services.jobs.close()
        assert live.services.jobs.queue.ids() == [second]
    with live_page(tmp_path) as live:
        page = open_tab(browser.new_page(), live.url)
        page.locator(".train .runs option").nth(1).wait_for(state="attached")
        page.locator(".train .runs").select_option(second)
        shows(page, "● running", second)
        page.locator(".train .runs").select_option(first)
        shows(page, "stopped", first)
        page.close()
        live.services.jobs.close()
