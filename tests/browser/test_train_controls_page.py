"""The buttons that control a run on the Train tab, in a real Chromium, with real trainers behind them."""

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


def shows(page, badge, run=""):
    """Wait until the page shows a run in this state."""
    page.wait_for_function(
        """([badge, run]) => document.querySelector('.train .badge').textContent === badge
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
    page.reload()
    shows(page, "paused", started.run)
    for name in ("Pause", "Stop", "Sample now"):
        assert page.get_by_role("button", name=name, exact=True).is_hidden()
    press(page, "Resume")
    shows(page, "● running", started.run)
    assert wait_until(lambda: served.services.jobs.status(started.run)["nimg"]) >= paused
