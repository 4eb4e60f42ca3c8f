"""Takes the pictures of the page that stand in assets/: `python tests/benchmarks/screenshots.py [--out assets]`.

Starts app.py on the shipped models, opens it in a real Chromium (DCGAN_CHROMIUM, or the system's) at 1400 and 390
pixels, light and dark, and writes <tab>-<width>-<scheme>.webp for each.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from page_latency import FLAGS, ROOT, free_port, open_page
from PIL import Image
from playwright.sync_api import Page, sync_playwright

TABS = ("Explore", "Interpolate", "Train", "Learn")
HEIGHTS = {1400: 1000, 390: 844}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "assets", help="folder to write to (default: assets)")
    parser.add_argument("--tabs", nargs="+", default=["Explore", "Interpolate"], choices=TABS)
    parser.add_argument("--runs", type=Path, help="folder of runs, of which the Train tab shows the newest")
    args = parser.parse_args()
    chromium = os.environ.get("DCGAN_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("There is no chromium here; set DCGAN_CHROMIUM to one.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        port = free_port()
        app = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port), "--runs", str(args.runs or folder)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        try:
            for width, height in HEIGHTS.items():
                for scheme in ("light", "dark"):
                    page = browser.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme="dark" if scheme == "dark" else "light",
                        has_touch=width < 600,
                    ).new_page()
                    open_page(page, f"http://127.0.0.1:{port}")
                    for tab in args.tabs:
                        shoot(page, tab, args.out / f"{tab.lower()}-{width}-{scheme}.webp")
                    page.context.close()
        finally:
            app.terminate()
            app.wait()
        browser.close()


def shoot(page: Page, tab: str, path: Path) -> None:
    """Open a tab, wait until all its pictures are there, and keep what a visitor sees of it."""
    page.get_by_role("tab", name=tab).click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2500)
    Image.open(io.BytesIO(page.screenshot())).save(path, quality=85, method=6)
    print(f"wrote {path}", flush=True)


if __name__ == "__main__":
    main()
