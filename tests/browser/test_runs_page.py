"""The list of runs on the Train tab, in a real Chromium; no trainer is needed."""

from __future__ import annotations

import pytest
from live_page import live_page
from run_folders import write_run

from dcgan.jobs.run_names import read_name
from dcgan.jobs.runs import list_runs
from dcgan.jobs.trash import list_trash

pytestmark = pytest.mark.slow


@pytest.fixture
def served(tmp_path):
    """A page with the runs "plain", "wide" and "photos"."""
    write_run(tmp_path / "runs", "photos", state="stopped", scores=False)
    write_run(tmp_path / "runs", "wide", batch=16)
    write_run(tmp_path / "runs", "plain")
    with live_page(tmp_path) as live:
        yield live


@pytest.fixture
def open_list(served, blank):
    """open_list(**what blank takes) → the Train tab with the list of runs open."""

    def open_page(**options):
        page = blank(**options)
        page.goto(served.url)
        page.get_by_role("tab", name="Train").click()
        page.locator(".runs summary").click()
        page.wait_for_selector(".runs li[data-run=plain]")
        return page

    return open_page


def listed(page):
    return page.eval_on_selector_all(".runs li", "items => items.map(item => item.dataset.run)")


def test_a_run_is_named_found_deleted_and_restored(served, open_list):
    """Each change reaches the disk and shows at once; Undo brings the deleted run back, and the shown run follows."""
    page, runs = open_list(), served.services.jobs.runs
    assert set(listed(page)) == {"plain", "wide", "photos"}
    row = page.locator(".runs li[data-run=plain]")
    assert "doodles:64 · quick · 4k pictures · KID × 1000: 20" in row.inner_text()
    page.wait_for_function("document.querySelector('.runs li[data-run=plain] img').naturalWidth > 0")

    page.get_by_role("button", name="Rename plain").click()
    page.keyboard.type("with hats")
    page.keyboard.press("Enter")
    row.get_by_role("button", name="with hats", exact=True).wait_for()
    assert read_name(runs / "plain") == "with hats"
    page.wait_for_function("[...document.querySelector('.train .runs').options].some(o => o.text === 'with hats')")
    page.get_by_role("button", name="Rename with hats").click()
    page.keyboard.type("nothing")
    page.keyboard.press("Escape")
    row.get_by_role("button", name="with hats", exact=True).wait_for()
    assert read_name(runs / "plain") == "with hats"

    page.locator(".runs .filter").fill("HATS")
    page.wait_for_function("document.querySelectorAll('.runs li').length === 1")
    assert page.inner_text(".runs .count") == "1 of 3"
    row.get_by_role("button", name="with hats", exact=True).click()
    page.wait_for_function("document.querySelector('.train .runs').value === 'plain'")

    page.get_by_role("button", name="Delete with hats").click()
    row.wait_for(state="detached")
    assert "Deleted with hats." in page.inner_text(".runs .deleted")
    assert set(list_runs(runs)) == {"wide", "photos"} and list_trash(runs) == ["plain"]
    page.wait_for_function("['wide', 'photos'].includes(document.querySelector('.train .runs').value)")
    page.keyboard.press("Enter")  # the keyboard is on Undo
    row.wait_for()
    assert page.inner_text(".runs .deleted") == "" and set(list_runs(runs)) == {"plain", "wide", "photos"}


def test_two_marked_runs_are_compared(open_list):
    """Settings that differ, curves of both in each chart, the same faces side by side, back in time by a slider."""
    page = open_list(width=360, height=740, color_scheme="dark")
    compare = page.locator(".runs .compare")
    for number, run in enumerate(("photos", "plain", "wide")):
        assert compare.is_disabled() == (number < 2)
        page.locator(f".runs li[data-run={run}] input").check()
    assert not page.locator(".runs li[data-run=photos] input").is_checked(), "a third takes the place of the first"
    compare.click()
    page.wait_for_selector(".runs .comparison:visible")
    rows = page.eval_on_selector_all(
        ".runs tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert ["batch", "8", "16"] in rows and rows[0][1:] == ["plain", "wide"]
    for chart in ("loss-g", "loss-d", "kid", "coverage"):
        for line in ("first", "second"):
            path = f".runs .{chart} .line.of-{line}"
            page.wait_for_function(f"document.querySelector('{path}').getAttribute('d')?.includes('L')")
    assert page.inner_text(".runs figcaption.second") == "wide, after 4k pictures"
    page.locator(".runs .moment").fill("0")
    assert page.inner_text(".runs figcaption.first") == "plain, after 0 pictures"
    for place in ("first", "second"):
        page.wait_for_function(f"document.querySelector('.runs img.of-{place}').naturalWidth > 0")
        assert "nimg=0" in page.get_attribute(f".runs img.of-{place}", "src")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Delete wide").click()
    page.wait_for_selector(".runs .comparison", state="hidden")


def test_the_list_follows_the_runs_and_is_away_where_there_are_none(tmp_path, blank, served):
    """Without any run there is no list, and one that appears on the disk is listed without a reload."""
    jobs = served.services.jobs
    for run in list_runs(jobs.runs):
        jobs.delete(run, "")
    page = blank()
    page.goto(served.url)
    page.get_by_role("tab", name="Train").click()
    page.wait_for_selector(".train .card:visible")
    assert page.locator(".runs .all-runs").is_hidden()
    jobs.restore("wide", "")
    page.wait_for_selector(".runs .all-runs:visible")
    page.locator(".runs summary").click()
    page.wait_for_selector(".runs li[data-run=wide]")
    assert listed(page) == ["wide"]


NEAREST = "Open in Explore: after 2k"


def test_a_moment_of_a_run_opens_in_explore(open_list):
    """Below the time slider the model nearest to the shown grid can be taken home or opened; the header names it."""
    page = open_list()
    page.locator(".runs li[data-run=plain] .open").click()
    button = page.locator(".train .open-moment")
    page.wait_for_function("document.querySelector('.train .open-moment').textContent.startsWith('Open this moment')")
    page.locator(".train .time").fill("0")
    page.wait_for_function(f"document.querySelector('.train .open-moment').textContent === '{NEAREST}'")
    with page.expect_download() as download:
        page.locator(".train a[data-form=zip]").click()
    assert download.value.suggested_filename == "run-plain-2000.zip"
    button.click()
    page.wait_for_function("document.querySelector('.header .model').value === 'run:plain@2000'")
    assert page.locator(".header .model option:checked").inner_text() == "run plain after 2k"
    page.wait_for_selector('.explore .stage[data-state="live"]')


def test_a_run_is_duplicated_from_a_moment_with_changes(served, open_list):
    """The form has the run's data, preset, length and settings, and begins with the model; what is changed is sent."""
    write_run(served.services.jobs.runs, "varied", batch=12, augment="cutout", r2_gamma=2.0)
    page = open_list()
    page.locator(".runs li[data-run=varied] .open").click()
    page.wait_for_function("document.querySelector('.train .runs').value === 'varied'")
    page.locator(".train .time").fill("1")
    page.locator(".train .duplicate").click()
    page.wait_for_selector(".train .card:visible")
    assert page.input_value(".train .kind") == "doodles" and page.input_value(".train .init") == "run:varied@2000"
    assert page.input_value(".train .kimg") == "4" and page.input_value(".train [name=batch]") == "12"
    page.wait_for_selector(".train .preview[src]")
    page.locator(".train [name=lr_g]").fill("0.0005")
    page.route("**/train/start", lambda route: route.fulfill(status=422, json={"error": "Not now."}))
    with page.expect_request("**/train/start") as asked:
        page.locator(".train .start").click()
    assert asked.value.post_data_json == {
        "data": "doodles:64",
        "preset": "quick",
        "overrides": {
            "init": "run:varied@2000",
            "kimg": "4",
            "batch": "12",
            "lr_g": "0.0005",
            "augment": "cutout",
            "r2_gamma": 2,
        },
    }
    page.locator(".train .preset").select_option("tutorial")
    page.locator(".train .kind").select_option("torchvision")
    with page.expect_request("**/train/start") as asked:
        page.locator(".train .start").click()
    assert asked.value.post_data_json["data"].startswith("torchvision:")
    assert "r2_gamma" not in asked.value.post_data_json["overrides"], "another preset has its own settings"
