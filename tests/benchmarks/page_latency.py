"""Measures the page in a browser and prints a table: `python tests/benchmarks/page_latency.py [--no-training] [--gpu]`.

Starts app.py with an empty runs folder, drives a real Chromium (DCGAN_CHROMIUM, or the system's), and times: command to
a face on the screen; slider, fader, walk and field to picture; drags of 120 events, also over a line of 200 ms, and
where the browser draws; a 240-frame film; Start on doodles to its first grid; and slider to picture while that training
goes on. Run it on a machine that does nothing else. A benchmark, not a test.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

from browsing import FLAGS, GPU_FLAGS  # noqa: E402, found through the line above
from slow_line import slow_line  # noqa: E402

# moves a slider to and fro; resolves to the milliseconds from each move until its picture is drawn
MOVES = """async ([selector, shown, count]) => {
  const input = document.querySelector(selector), canvas = document.querySelector(shown);
  const drawn = (before) => new Promise((done) => {
    const watch = new MutationObserver(() => { if (canvas.dataset.shown !== before) { watch.disconnect(); done(); } });
    watch.observe(canvas, { attributes: true });
  });
  const times = [];
  for (let move = 0; move < count; move++) {
    const before = canvas.dataset.shown, start = performance.now();
    input.value = Number(input.min) + (Number(input.max) - Number(input.min)) * (0.5 + 0.45 * Math.sin(move / 5));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn(before);
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 30));
  }
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return times;
}"""

# 120 moves, one a frame of the display, as a hand makes them in two seconds; resolves to the pictures shown
DRAG = """async ([selector, shown]) => {
  const input = document.querySelector(selector), canvas = document.querySelector(shown);
  const before = Number(canvas.dataset.shown);
  for (let move = 0; move < 120; move++) {
    input.value = Number(input.min) + (Number(input.max) - Number(input.min)) * (0.5 + 0.45 * Math.sin(move / 19));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
  await new Promise((done) => setTimeout(done, 500));
  return Number(canvas.dataset.shown) - before;
}"""

# the same for what is painted across with a pointer, which only the browser itself can move
WATCH = """shown => {
  let start = null;
  window.drawn = [];
  addEventListener("pointermove", () => { start ??= performance.now(); }, true);
  new MutationObserver(() => {
    if (start !== null) window.drawn.push(performance.now() - start);
    start = null;
  }).observe(document.querySelector(shown), { attributeFilter: ["data-shown"] });
}"""
DIRECTION, PSI, WALK = ".direction input[type=range]", ".explore .psi", ".walker"
EXPLORE_PICTURE, INTERPOLATE_PICTURE = ".explore .picture", ".interpolate .picture"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-training", action="store_true", help="leave the training out")
    parser.add_argument(
        "--gpu", action="store_true", help="let the browser draw on this machine's GPU, not in software"
    )
    args = parser.parse_args()
    chromium = os.environ.get("DCGAN_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("There is no chromium here; set DCGAN_CHROMIUM to one.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        page.set_default_timeout(180_000)
        port = free_port()
        began = time.time()
        app = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port), "--runs", str(Path(folder) / "runs")],
            cwd=ROOT,
            env={**os.environ, "DCGAN_CACHE": str(Path(folder) / "cache")},
            stdout=subprocess.DEVNULL,
        )
        try:
            open_page(page, f"http://127.0.0.1:{port}")
            row("command to a face on the screen", f"{time.time() - began:.1f} s")
            page.wait_for_selector(f"{DIRECTION}:enabled")
            page.wait_for_timeout(3000)
            explore(page)
            far_away(page, port)
            drawn_by_browser(engine, chromium, port, args.gpu)
            open_page(page, f"http://127.0.0.1:{port}")
            film(page)
            if not args.no_training:
                training(page)
        finally:
            app.terminate()
            app.wait()
        browser.close()


def open_page(page: Page, url: str) -> None:
    """Open the page once the server is there, and wait for its first picture."""
    host, port = url.rpartition("/")[2].split(":")
    # by a socket: a browser that asks again and again takes a core, and so makes a start of ten seconds one of twenty
    while True:
        try:
            socket.create_connection((host, int(port))).close()
            break
        except OSError:
            time.sleep(0.05)
    page.goto(url)
    page.wait_for_selector('.explore .stage[data-state="live"]')


def explore(page: Page) -> None:
    page.evaluate(WATCH, EXPLORE_PICTURE)
    page.evaluate(MOVES, [DIRECTION, EXPLORE_PICTURE, 10])
    for name, selector in (("direction", DIRECTION), ("psi", PSI)):
        row(f"{name} to picture, 100 moves", spread(page.evaluate(MOVES, [selector, EXPLORE_PICTURE, 100])))
        row(f"pictures shown in a drag of 120 events, {name}", drags(page, selector, EXPLORE_PICTURE))
    row("one fader to picture, 100 moves", spread(paint(page, ".fader:nth-child(30)")))
    row("faders painted across to picture, 100 moves", spread(paint(page, ".bank")))


def far_away(page: Page, port: int) -> None:
    """The same drag as if the server were on another continent."""
    with slow_line(port, 0.1) as far:
        open_page(page, f"http://127.0.0.1:{far}")
        page.wait_for_selector(f"{DIRECTION}:enabled")
        page.evaluate(MOVES, [DIRECTION, EXPLORE_PICTURE, 10])
        row("pictures shown in a drag of 120 events, over a line of 200 ms", drags(page, DIRECTION, EXPLORE_PICTURE))


def drawn_by_browser(engine: Playwright, chromium: str, port: int, gpu: bool) -> None:
    """The same where the browser draws: on its GPU, or in software (SwiftShader)."""
    flags = [flag for flag in FLAGS if flag != "--disable-gpu"] if gpu else GPU_FLAGS
    browser = engine.chromium.launch(executable_path=chromium, args=flags)
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.set_default_timeout(180_000)
    with slow_line(port, 0.1) as far:
        open_page(page, f"http://127.0.0.1:{far}")
        page.wait_for_selector(f"{DIRECTION}:enabled")
        page.get_by_label("Pictures drawn by").select_option("browser")
        page.wait_for_function(
            "() => document.querySelector('.header .machine').textContent.startsWith('this browser')"
        )
        row("who draws now", page.locator(".header .machine").inner_text())
        page.wait_for_timeout(3000)
        page.evaluate(MOVES, [DIRECTION, EXPLORE_PICTURE, 10])
        row(
            "direction to picture, drawn by the browser",
            spread(page.evaluate(MOVES, [DIRECTION, EXPLORE_PICTURE, 100])),
        )
        row(
            "pictures shown in a drag of 120 events, drawn by the browser, the server 200 ms away",
            drags(page, DIRECTION, EXPLORE_PICTURE),
        )
    browser.close()


def drags(page: Page, selector: str, shown: str) -> str:
    """Seven drags, each once the one before has come to rest: a machine is not always as fast."""
    counts = []
    for _ in range(7):
        page.wait_for_timeout(2000)
        counts.append(int(page.evaluate(DRAG, [selector, shown])))
    page.wait_for_timeout(2000)
    ordered = sorted(counts)
    return f"median {ordered[3]} of seven drags, {ordered[0]} to {ordered[-1]}"


def paint(page: Page, selector: str) -> list[float]:
    """Milliseconds from movement to picture, over a hundred movements of a pointer to and fro with its button held."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    assert box is not None
    page.evaluate("window.drawn = []")
    for move in range(101):
        share = 0.5 + 0.45 * math.sin(move / 5)
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * (0.9 - 0.8 * share))
        if move == 0:
            page.mouse.down()
        page.wait_for_timeout(60)
    page.mouse.up()
    page.wait_for_timeout(2000)
    drawn: list[float] = page.evaluate("window.drawn")
    return drawn


def film(page: Page) -> None:
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector(".making .make:enabled")
    page.wait_for_selector(".pad.ready")
    page.evaluate(WATCH, INTERPOLATE_PICTURE)
    page.wait_for_timeout(2000)
    row("walk to picture, 100 moves", spread(page.evaluate(MOVES, [WALK, INTERPOLATE_PICTURE, 100])))
    row("pictures shown in a drag of 120 events, walk", drags(page, WALK, INTERPOLATE_PICTURE))
    row("field to picture, 100 moves", spread(paint(page, ".pad")))
    page.locator(".making .length").first.fill("8")
    page.locator(".making .length").first.dispatch_event("change")
    page.wait_for_timeout(2000)
    began = time.time()
    page.locator(".making .make").click()
    page.wait_for_function("() => document.querySelector('.making .show video')?.readyState >= 3")
    row("240 frames at 256 px, from the press to a film that plays", f"{time.time() - began:.1f} s")


def training(page: Page) -> None:
    page.get_by_role("tab", name="Train").click()
    page.wait_for_selector(".train .start:enabled")
    page.wait_for_timeout(2000)
    began = time.time()
    page.locator(".train .start").click()
    page.wait_for_function("() => document.querySelector('.train .samples')?.naturalWidth > 0")
    row("Start on doodles to the first grid", f"{time.time() - began:.1f} s")
    page.wait_for_function("() => document.querySelector('.train .badge')?.dataset.state === 'running'")
    row("… to the first step (the doodles are drawn first)", f"{time.time() - began:.1f} s")
    page.get_by_role("tab", name="Explore").click()
    page.wait_for_timeout(5000)
    row("slider to picture while training, 100 moves", spread(page.evaluate(MOVES, [DIRECTION, EXPLORE_PICTURE, 100])))
    page.get_by_role("tab", name="Train").click()
    page.wait_for_timeout(2000)
    row("training speed then", page.locator(".train .numbers").inner_text())
    page.locator(".train .stop").click()
    page.wait_for_function("() => document.querySelector('.train .badge')?.dataset.state === 'stopped'")


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"p50 {ordered[len(ordered) // 2]:.0f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.0f} ms"


def row(what: str, value: str) -> None:
    print(f"| {what} | {value} |", flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
