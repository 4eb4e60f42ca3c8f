"""The time slider as a film: Play walks through the grids, and the film is saved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from live_page import live_page

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A page with a recorded run of five grids."""
    folder = tmp_path_factory.mktemp("page")
    run = folder / "runs" / "drifts"
    shutil.copytree(FIXTURES / "health" / "drifts", run)
    for nimg in range(4):
        shutil.copyfile(run / "samples" / "000005008.jpg", run / "samples" / f"{1000 * nimg:09d}.jpg")
    with live_page(folder) as live:
        yield live


@pytest.fixture
def train_tab(visit):
    """train_tab(**options) → the Train tab, with the newest grid shown."""

    def open_tab(**options):
        page = visit(**options)
        page.get_by_role("tab", name="Train").click()
        page.wait_for_function("document.querySelector('.train .time').value === '4'")
        page.wait_for_selector(".train .samples[src*='5008']")
        return page

    return open_tab


# Notes each grid that is shown and each label of the button, and presses the button itself at the seventh grid.
NOTE = """() => {
  window.seen = [];
  window.labels = [];
  const picture = document.querySelector(".train .samples");
  const play = document.querySelector(".train .play");
  const label = () => labels.push(play.getAttribute("aria-label").split(" ")[0]);
  new MutationObserver(label).observe(play, { attributeFilter: ["aria-label"] });
  picture.addEventListener("load", () => {
    seen.push(new URL(picture.src).searchParams.get("nimg"));
    if (seen.length === 7) play.click();
  });
}"""


def test_play_walks_through_every_grid_and_stops_at_the_newest(train_tab):
    """From the newest grid Play begins at the first, shows each in order, and ends; a second press pauses it."""
    page = train_tab()
    page.evaluate(NOTE)
    play = page.locator(".train .play")
    play.click()
    page.wait_for_function("labels.join() === 'Pause,Play'")
    assert page.evaluate("seen") == ["0", "1000", "2000", "3000", "5008"]
    play.click()
    page.wait_for_function("labels.join() === 'Pause,Play,Pause,Play'")
    with page.expect_response("**/train/status?*"):  # the page looks at the run each second; a grid took an eighth
        pass
    assert page.evaluate("seen")[5:] == ["0", "1000"] and page.input_value(".train .time") == "1"


def test_a_phone_saves_the_film_of_one_face(train_tab):
    """At 390 pixels in the dark theme nothing is wider than the screen; the download is named by run and face."""
    page = train_tab(width=390, height=844, is_mobile=True, has_touch=True, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".train .timelapse .face").fill("12")
    page.locator(".train .timelapse .format").select_option("gif")
    with page.expect_download() as saved:
        page.locator(".train .timelapse .make").tap()
    assert saved.value.suggested_filename == "drifts-face12-timelapse.gif"
    assert Path(saved.value.path()).read_bytes().startswith(b"GIF89a")
    assert "frames" in page.inner_text(".train .timelapse .told")
