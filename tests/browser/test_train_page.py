"""The Train tab in a real Chromium, with a real trainer behind it."""

from __future__ import annotations

import json
import math
import os
import signal

import numpy as np
import pytest
from live_page import live_page
from PIL import Image
from run_folders import write_run
from trained_here import smooth

from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.web.train.run_progress import run_progress

pytestmark = pytest.mark.slow

SETTINGS = {"image_size": "32", "ngf": "4", "ndf": "4", "nz": "6", "batch": "8"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live
        live.services.jobs.close()


@pytest.fixture
def open_train_tab(served, browser):
    """The Train tab of a fresh visitor, whose page must log no error."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(180_000)  # a trainer starts slowly on a busy machine
    faults = []

    def open_tab(prepare=lambda page: None):
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        prepare(page)
        page.goto(served.url)
        page.get_by_role("tab", name="Train").click()
        return page

    yield open_tab
    context.close()
    assert faults == []


def run_status(run):
    """What the server tells of a run that failed."""
    return {
        "run": run,
        "runs": [run],
        "running": None,
        "state": "failed",
        "alive": False,
        "mine": True,
        "can_resume": True,
        "place": 0,
        "moves": [],
        "queue": [],
        "message": "The disk is full.",
        "data": "doodles",
        "count": 100,
        "facts": "",
        "nimg": 2000,
        "total": 10000,
        "speed": None,
        "eta": None,
        "elapsed": 60,
        "snapshot": None,
        "snapshots": [],
        "best": None,
        "samples": [],
        "loss": "bce",
        "equilibrium": math.log(4),
        "equilibrium_g": math.log(2),
        "curve": [[1000, 0.7, 1.4, 0.5, 0.5], [2000, 0.8, 1.2, 0.6, 0.4]],
        "scores": [],
    }


def test_the_status_of_these_tests_has_the_fields_of_the_servers(tmp_path):
    """What `run_status` gives the page has only names that the server's own answer has."""
    write_run(tmp_path, "a", state="failed")
    told = run_progress(TrainingJobs(tmp_path, owners=False), "a", -1, "")
    assert run_status("a").keys() <= {*told.keys(), "runs", "queue"}


# how many pictures the page says the run has seen: "980 of …" or "12k of …"
NIMG = """() => {
  const [count] = document.querySelector(".train .numbers").textContent.split(/\\s/);
  return parseFloat(count) * (count.endsWith("k") ? 1000 : 1);
}"""


def nimg(page):
    """How many pictures the page says the run has seen."""
    return page.evaluate(NIMG)


def wait_for_progress(page, seen):
    """Wait until the page says that the run has seen more than `seen` pictures."""
    page.wait_for_function(f"seen => ({NIMG})() > seen", arg=seen)


def shown(page, word):
    page.wait_for_function(f"document.querySelector('.train .badge').textContent.includes('{word}')")


def open_form(page):
    """The form of a new run, whether or not there are runs."""
    page.wait_for_selector(".train .kind option", state="attached")
    page.wait_for_selector(".train :is(.card, .run-view):visible")
    if page.locator(".train .again").is_visible():
        page.locator(".train .again").click()


def test_a_run_from_start_to_resume(served, open_train_tab, tmp_path):
    """Start; curves and grid move; a reload finds the run; Stop, Resume, a kill and Resume again; Explore opens it."""
    np.save(tmp_path / "train.npy", smooth(64, 0).permute(0, 2, 3, 1).numpy())
    page = open_train_tab()
    page.wait_for_selector(".train .preview[src]")
    page.locator(".train .kind").select_option("npy")
    page.locator(".train .where").fill(str(tmp_path))
    page.locator(".train .kimg").fill("1000")
    page.locator(".train summary").click()
    for name, value in SETTINGS.items():
        field = page.locator(f".train [name={name}]")
        if name == "image_size":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator(".train .start").click()

    page.wait_for_selector(".train .samples[src]")
    page.wait_for_selector(".train .reals[src]")
    shown(page, "running")
    line = ".train .losses .line.of-g"
    page.wait_for_function(f"(document.querySelector('{line}').getAttribute('d') ?? '').includes('L')")
    curve, grid = page.get_attribute(line, "d"), page.get_attribute(".train .samples", "src")
    page.wait_for_function(f"document.querySelector('{line}').getAttribute('d') !== {json.dumps(curve)}")
    page.wait_for_function(f"document.querySelector('.train .samples').getAttribute('src') !== {json.dumps(grid)}")

    page.reload()
    page.get_by_role("tab", name="Train").click()
    shown(page, "running")
    seen = nimg(page)
    wait_for_progress(page, seen)

    page.locator(".train .stop").click()
    shown(page, "stopped")
    stopped = nimg(page)
    page.locator(".train .resume").click()
    shown(page, "running")
    wait_for_progress(page, stopped)

    run = page.input_value(".train .runs")
    os.kill(json.loads((served.services.jobs.runs / run / "status.json").read_text())["pid"], signal.SIGKILL)
    shown(page, "crashed")
    assert "Resume" in page.inner_text(".train .word")
    page.locator(".train .resume").click()
    shown(page, "running")
    page.locator(".train .stop").click()
    shown(page, "stopped")

    page.locator(".train .open-explore").click()
    page.wait_for_function(f"document.querySelector('.header .model').value === 'run:{run}'")
    page.wait_for_selector('.explore .stage[data-state="live"]')


def test_a_mistake_is_answered_by_a_sentence(open_train_tab):
    """A path with nothing there is said in words, and what was typed stays."""
    page = open_train_tab()
    open_form(page)
    page.locator(".train .kind").select_option("npy")
    page.locator(".train .where").fill("/nothing/here")
    page.locator(".train .start").click()
    page.wait_for_selector(".train .card .sentence:visible")
    assert "nothing" in page.inner_text(".train .card .sentence")
    assert page.input_value(".train .where") == "/nothing/here"


def test_a_mistake_stays_until_it_is_corrected(open_train_tab):
    """The end of an older, slower look at the pictures does not take away what was wrong at Start."""
    held = []
    page = open_train_tab(lambda page: page.route("**/train/preview", lambda route: held.append(route)))
    open_form(page)
    page.wait_for_selector(".train .look:disabled")
    page.locator(".train .kind").select_option("npy")
    page.locator(".train .where").fill("/nothing/here")
    page.locator(".train .start").click()
    page.wait_for_selector(".train .card .sentence:visible")
    with page.expect_response("**/train/preview"):
        held[0].continue_()
    page.wait_for_selector(".train .look:enabled")
    assert "nothing" in page.inner_text(".train .card .sentence:visible")


def test_an_error_goes_with_what_it_was_about(open_train_tab):
    """The error of a folder goes when another source is chosen, and does not come later than that."""
    page, held = open_train_tab(), []
    open_form(page)
    sentence = page.locator(".train .card .sentence")
    page.locator(".train .kind").select_option("folder")
    page.locator(".train .where").fill("/nothing/here")
    page.locator(".train .look").click()
    sentence.wait_for()
    page.locator(".train .kind").select_option("zip")
    assert sentence.is_hidden()
    page.route("**/train/preview", lambda route: held.append(route))
    with page.expect_request("**/train/preview"):
        page.locator(".train .look").click()
    page.locator(".train .kind").select_option("torchvision")
    with page.expect_response("**/train/preview"):
        held[0].continue_()
    page.wait_for_selector(".train .look:enabled")
    assert sentence.is_hidden()


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_quoted_path_is_taken_without_its_quotation_marks(open_train_tab, tmp_path, quote):
    """File managers copy a path in quotation marks; its pictures are shown all the same."""
    for number in range(2):
        Image.new("RGB", (80, 80), (100 * number, 0, 0)).save(tmp_path / f"{number}.png")
    page = open_train_tab()
    open_form(page)
    page.locator(".train .kind").select_option("folder")
    page.locator(".train .where").fill(f" {quote}{tmp_path}{quote} ")
    page.locator(".train .look").click()
    page.wait_for_selector(".train .preview[src]")


def test_the_form_of_a_new_run_leads_back_and_a_started_run_has_its_own_label(open_train_tab):
    """New run has a way back to the runs; after Start nothing of the run before is shown, however slow the server."""
    page, before, held = open_train_tab(), run_status("before"), []

    def answer(route):
        if "run=begun" in route.request.url:
            held.append(route)
        else:
            route.fulfill(json=before)

    page.route("**/train/status?*", answer)
    page.route("**/train/start", lambda route: route.fulfill(json={"run": "begun", "token": "t"}))
    shown(page, "failed")
    page.locator(".train .again").click()
    page.get_by_role("button", name="Back to the runs").click()
    assert page.input_value(".train .runs") == "before"
    page.locator(".train .again").click()
    with page.expect_request("**/train/status?run=begun*"):
        page.locator(".train .start").click()
    assert page.input_value(".train .runs") == "begun"
    assert page.inner_text(".train .badge") == "opening …"
    assert page.inner_text(".train .numbers") == page.inner_text(".train .word") == ""
    assert not page.get_attribute(".train .losses .line.of-g", "d")
    held[0].fulfill(json={**run_status("begun"), "state": "running", "alive": True})
    shown(page, "running")


def test_the_form_comes_when_there_is_no_run_and_stays_when_another_visitor_begins_one(open_train_tab):
    """Neither form nor run is offered before the server has said what there is, and no run takes the form away."""
    held, answers = [], [{"run": None, "runs": [], "running": None}]

    def answer(route):
        held.append(route) if not held else route.fulfill(json=answers[-1])

    page = open_train_tab(lambda page: page.route("**/train/status?*", answer))
    page.wait_for_selector(".train .kind option", state="attached")
    while not held:
        page.wait_for_timeout(20)
    assert not page.locator(".train .card").is_visible() and not page.locator(".train .run-view").is_visible()
    held[0].fulfill(json=answers[0])
    page.locator(".train .kind").select_option("folder")
    page.locator(".train .where").fill("/my/pictures")
    answers.append(run_status("of another visitor"))
    page.locator(".train .back").wait_for()
    assert page.locator(".train .card").is_visible() and page.input_value(".train .where") == "/my/pictures"
    page.locator(".train .back").click()
    shown(page, "failed")


@pytest.fixture
def open_run(open_train_tab):
    """open_run(fields, **status) → the Train tab at a run of which the server tells this."""

    def open_tab(**fields):
        told = {**run_status("charted"), **fields}
        page = open_train_tab(lambda page: page.route("**/train/status?*", lambda route: route.fulfill(json=told)))
        page.wait_for_selector(".train .losses .line.of-g[d*=L]", state="attached")
        return page

    return open_tab


SCORES = [[1000, 30.5, 0.5], [2000, 12.25, 0.7]]


def readings(page):
    return page.locator(".train .reading").all_inner_texts()


def test_charts_are_read_by_pointer_and_keys(open_run):
    """All charts read the same moment in sentences; only what a key reads is announced, and Tab reaches each chart."""
    page = open_run(scores=SCORES)
    newest = readings(page)
    assert newest[0].startswith("After 2k pictures: G’s loss 0.80 (D recognises most fakes); D’s loss 1.20")
    assert "D(x) 0.60 (D is 60 % sure that a real picture is real)" in newest[1]
    assert "KID × 1000 is 12.3" in newest[2] and "70 % of the real pictures" in newest[3]
    box = page.locator(".train .losses").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    hovered = readings(page)
    assert all(text.startswith("After 1k pictures") for text in hovered)
    assert "the lowest is 12.3, after 2k" in hovered[2]
    page.mouse.move(0, 0)
    assert readings(page) == newest
    announced = page.locator(".train .read-out")
    assert announced.inner_text() == ""
    page.locator(".train .losses").focus()
    page.keyboard.press("Home")
    assert readings(page) == hovered
    assert announced.inner_text() == hovered[0] and announced.get_attribute("aria-live") == "polite"
    for chart in ("opinions", "kid", "coverage"):
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.activeElement.matches('.train svg.{chart}')")
        assert readings(page) == newest
    page.keyboard.press("ArrowLeft")
    assert announced.inner_text() == hovered[3]


def test_lines_of_theory_are_labelled(open_run):
    """Both losses and D(x) have a line where D only guesses; its label has a sentence as its tooltip."""
    page = open_run(scores=SCORES)
    labels = page.locator(".train svg .label:visible")
    titles = page.eval_on_selector_all(".train svg .label title", "titles => titles.map(title => title.textContent)")
    shown = [text.removesuffix(title) for text, title in zip(labels.all_text_contents(), titles, strict=True)]
    assert shown == [
        "ln 4: D’s loss if D guesses",
        "ln 2: G’s loss if D guesses",
        "½: D only guesses",
        "0: no difference",
        "1: every kind is drawn",
    ]
    assert "its loss is ln 4 ≈ 1.39" in titles[0]


def marks(page, chart):
    """What is written at the left of a chart."""
    return [text for text in page.locator(f".train .{chart} .down").all_text_contents() if text]


def test_charts_are_smoothed_and_scaled_as_chosen_also_after_a_reload(open_run):
    """Smoothing, a logarithmic scale (not of D(x)) and the last part change the charts at once, and are remembered."""
    curve = [[nimg, 0.01 if nimg % 2 else 1, 1.4, 0.5, 0.5] for nimg in range(1, 101)]
    page = open_run(curve=curve, scores=[[10, 30.5, 0.5], [50, 12.25, 0.7]])
    lines = [".train .losses .line.of-g", ".train .losses .measured.of-g"]

    def drawn():
        return [page.get_attribute(line, "d") for line in lines]

    (whole, behind), linear, opinions = drawn(), marks(page, "losses"), marks(page, "opinions")
    assert not behind and linear[0] == "0"
    page.locator(".train .logarithmic").check()
    assert marks(page, "losses")[0] == "0.01" and marks(page, "opinions") == opinions
    page.locator(".train .logarithmic").uncheck()
    page.locator(".train .smoothing").select_option("strong")
    smoothed = drawn()
    assert smoothed[1] == whole and smoothed[0] != whole
    page.locator(".train .part").select_option("last")
    last = drawn()
    assert last[0].count("L") < smoothed[0].count("L") / 4
    assert "After 100 pictures" in readings(page)[0]
    assert readings(page)[2] == "Nothing was measured in this part of the run."
    page.reload()
    page.get_by_role("tab", name="Train").click()
    page.wait_for_selector(".train .losses .line.of-g[d*=L]", state="attached")
    assert drawn() == last


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("public"), public=True) as live:
        yield live
        live.services.jobs.close()


def test_another_visitor_watches_and_cannot_stop(public, browser):
    """On a public page the one who started a run may stop it; another browser sees it move, with no button for it."""
    settings = {**{name: int(value) for name, value in SETTINGS.items()}, "kimg": 100}
    asked = {"data": "doodles:64", "preset": "quick", "overrides": settings}
    pages = []
    for _ in range(2):
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        context.set_default_timeout(60_000)
        pages.append(context.new_page())
        pages[-1].goto(public.url)
    owner, guest = pages
    started = owner.evaluate(
        """async asked => {
          const headers = { "Content-Type": "application/json" };
          const options = { method: "POST", headers, body: JSON.stringify(asked) };
          const started = await (await fetch("dcgan/train/start", options)).json();
          localStorage.setItem("dcgan-tokens", JSON.stringify({ [started.run]: started.token }));
          return started;
        }""",
        asked,
    )
    for page in pages:
        page.get_by_role("tab", name="Train").click()
        shown(page, "running")
    owner.wait_for_selector(".train .stop:visible")
    guest.wait_for_selector(".train .watching:visible")
    assert not guest.locator(".train .stop").is_visible() and not owner.locator(".train .watching").is_visible()
    seen = nimg(guest)
    wait_for_progress(guest, seen)

    refusals = guest.evaluate(
        """async run => Promise.all(["stop", "pause", "sample", "save"].map(
          async (name) => {
            const headers = { "Content-Type": "application/json" };
            const options = { method: "POST", headers, body: JSON.stringify({ run, token: "guess" }) };
            return (await (await fetch(`dcgan/train/${name}`, options)).json()).error;
          }))""",
        started["run"],
    )
    assert all("another visitor" in refusal for refusal in refusals)
    guest.reload()
    guest.wait_for_selector(".train .watching:visible")  # a reload comes back to the Train tab
    owner.locator(".train .stop").click()
    for page in pages:
        shown(page, "stopped")
    # it says so a moment before it lets go of the run, and only then can it be resumed: by the owner
    owner.wait_for_selector(".train .resume:visible")
    assert public.services.jobs.status(started["run"])["can_resume"]
    guest.wait_for_selector(".train .watching", state="hidden")
    assert not guest.locator(".train .resume").is_visible() and owner.locator(".train .resume").is_visible()
    for page in pages:
        page.context.close()
