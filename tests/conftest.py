"""What several test files share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from browsing import DRAWN_BY_SERVER, FLAGS, GPU_FLAGS, settle

ROOT = Path(__file__).resolve().parents[1]

# Gradio finds a free port by trying, and of two processes that try the same one at once one loses a thread, which is a
# failure: each process of a run has a hundred ports of its own.
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["GRADIO_SERVER_PORT"] = str(7860 + 100 * PROCESS)


@pytest.fixture(autouse=True)
def seed_of_random_numbers() -> None:
    """A test draws the same random numbers in every run, whichever tests ran before it."""
    torch.manual_seed(0)


@pytest.fixture(scope="session", autouse=True)
def temporary_folder() -> Iterator[Path]:
    """A temporary folder of this process's own, in which a test sees no other process's files come and go."""
    # made by hand: pytest's own folders have names too long for the socket that Chromium keeps in it
    holder = tempfile.TemporaryDirectory(prefix="dcgan-", ignore_cleanup_errors=True)
    with holder as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", folder)
        patch.setenv("TMPDIR", folder)
        yield Path(folder)


@pytest.fixture(scope="session")
def faces_dir() -> Path:
    """The folder of real photographs (train.npy, test.npy). Without it a test skips; in CI it must be there."""
    folder = Path(os.environ.get("DCGAN_TEST_FACES", ROOT.parent / "shared" / "data" / "faces"))
    if (folder / "train.npy").is_file():
        return folder
    reason = f"no real photographs in {folder}; set DCGAN_TEST_FACES to a folder with train.npy"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium: DCGAN_CHROMIUM, or the system's. Without one a test skips; in CI it must be there."""
    chromium = os.environ.get("DCGAN_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        if os.environ.get("CI"):
            pytest.fail("no chromium; set DCGAN_CHROMIUM to its path")
        pytest.skip("no chromium; set DCGAN_CHROMIUM to its path")
    return chromium


@pytest.fixture(scope="session")
def browser(chromium):
    """A running Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        running = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def gpu_browser(browser, chromium):
    """A Chromium of a file's own that has WebGL2 and WebGPU."""
    running = browser.browser_type.launch(executable_path=chromium, args=GPU_FLAGS)
    yield running
    running.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A page with two small models, the same for all of a file's tests."""
    from live_page import live_page  # here, because it brings the whole app, which most files do without

    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture
def blank(served, browser):
    """blank(width, height, script, chromium, **context options) → an empty page in a context of its own.

    `script` runs before any of the page's. No page may have logged an error in the end, or asked any host but ours.
    """
    contexts, faults, hosts = [], [], set()

    def open_page(width=1400, height=900, script="", chromium=browser, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        context.add_init_script(DRAWN_BY_SERVER)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if "://" in request.url else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert hosts <= {served.url.split("/")[2]}


@pytest.fixture
def visit(served, blank):
    """visit(query, **what blank takes) → a page whose picture is there."""

    def open_page(query="", **options):
        page = blank(**options)
        page.goto(served.url + query)
        page.wait_for_selector('.explore .stage[data-state="live"]')
        settle(page)
        return page

    return open_page
