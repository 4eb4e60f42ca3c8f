"""The panel "Health" of the Train tab: what it says of recorded runs, and what its buttons do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from live_page import live_page

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A page with the recorded runs "quick-2", and "drifts" and "loses_variety" with a best model."""
    folder = tmp_path_factory.mktemp("page")
    for name in ("quick-2", "drifts", "loses_variety"):
        shutil.copytree(FIXTURES / "health" / name, folder / "runs" / name)
        if name != "quick-2":
            shutil.copytree(FIXTURES / "run_v1" / "best", folder / "runs" / name / "best")
    with live_page(folder) as live:
        yield live


@pytest.fixture
def open_run(visit):
    """open_run(run, **options) → the Train tab at that run."""

    def open_tab(run, **options):
        page = visit(**options)
        page.get_by_role("tab", name="Train").click()
        page.wait_for_selector(".train .runs option", state="attached")
        page.locator(".train .runs").select_option(run)
        page.wait_for_selector(".train .health:visible")
        return page

    return open_tab


def test_a_balanced_run_has_a_tick_and_an_alarm_starts_the_next_run(open_run):
    """Balanced is said with a tick; the button of an alarm sends what its sentence says, and the page follows."""
    page = open_run("quick-2")
    assert page.inner_text(".train .health .verdict").startswith("✓ balanced")
    assert page.locator(".train .health .alarm").count() == 0
    page.locator(".train .runs").select_option("drifts")
    alarm = page.locator(".train .health .alarm")
    alarm.wait_for()
    assert "KID × 1000 went 1534 → 1645 → 1713 → 1728" in alarm.inner_text()
    sent = []

    def start(route):
        sent.append(json.loads(route.request.post_data))
        route.fulfill(json={"run": "quick-2", "token": "t"})

    page.route("**/train/start", start)
    alarm.get_by_role("button", name="Go on from its best with half the rates").click()
    page.wait_for_function("document.querySelector('.train .runs').value === 'quick-2'")
    (body,) = sent
    assert body["data"] == "doodles:512" and body["preset"] == "quick"
    assert (body["overrides"]["init"], body["overrides"]["lr_g"]) == ("best:drifts", 1.5e-5)


def test_a_phone_shows_the_alarms_whole_and_leads_to_their_paragraphs(open_run):
    """At 390 pixels in the dark theme nothing is wider than the screen; a button stands at the gravest alarm that asks
    for it, and only there; the link opens the paragraph in Learn."""
    page = open_run("loses_variety", width=390, height=844, is_mobile=True, has_touch=True, color_scheme="dark")
    alarms = page.locator(".train .health .alarm")
    alarms.first.wait_for()
    assert [text.split(".")[0] for text in alarms.all_inner_texts()] == ["Stop", "Stop", "Warning"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [alarms.nth(i).locator("button").count() for i in range(3)] == [1, 0, 0]
    assert alarms.locator("button").bounding_box()["height"] >= 44
    alarms.first.locator("a").tap()
    page.wait_for_function("document.activeElement.id === 'learn-collapse'")
    assert page.locator("#learn-collapse").is_visible()


def test_a_run_that_goes_on_is_stopped_before_the_next_one_starts(open_run):
    """The button asks the run to stop, and starts the next one only when its trainer has ended."""
    page = open_run("quick-2")
    orders, looks = [], []
    answer = page.evaluate("async () => (await fetch('dcgan/train/status?run=drifts')).json()")

    def status(route):
        alive = "stop" not in orders or len(looks) < 2
        if "stop" in orders and "after=1e12" in route.request.url:
            looks.append(alive)
        route.fulfill(json={**answer, "alive": alive, "state": "running" if alive else "stopped"})

    def order(route):
        name = route.request.url.rsplit("/", 1)[1]
        orders.append(name if name == "stop" or looks[-1:] == [False] else f"{name} while the trainer lives")
        route.fulfill(json={"run": "quick-2", "token": "t"} if name == "start" else {})

    page.route("**/train/status?run=drifts*", status)
    page.route("**/train/stop", order)
    page.route("**/train/start", order)
    page.locator(".train .runs").select_option("drifts")
    page.locator(".train .health .alarm button").click()
    page.wait_for_function("document.querySelector('.train .runs').value === 'quick-2'")
    assert orders == ["stop", "start"]
    assert len(looks) == 3
