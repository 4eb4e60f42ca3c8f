"""What several test files share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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


FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """A Chromium: DCGAN_CHROMIUM's, or the system's. Without one a test skips; in CI it must be there."""
    chromium = os.environ.get("DCGAN_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        if os.environ.get("CI"):
            pytest.fail("no chromium; set DCGAN_CHROMIUM to its path")
        pytest.skip("no chromium; set DCGAN_CHROMIUM to its path")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        running = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()
