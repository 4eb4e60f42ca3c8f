"""Measures a run of 100,000 lines of metrics and prints a table: `python tests/benchmarks/long_run.py`.

Starts app.py on a folder with such a run, which goes on: a line a second. Times the first and the second answer of its
status, the CPU time of the app while 20 pages watch the run for half a minute, and in a real Chromium (DCGAN_CHROMIUM,
or the system's) a page that opens the run, charts of 100,000 points each, and a marker moved across them. Linux only. A
benchmark, not a test.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from filelock import FileLock
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))
sys.path.insert(0, str(ROOT))

from browsing import FLAGS  # noqa: E402, found through the lines above
from run_folders import grid_of, write_run  # noqa: E402

RUN, EVERY = "long", 320  # the run's id; pictures between two lines
GRIDS, SCORES, OTHER_RUNS = 300, 300, 30
WATCHERS, SECONDS = 20, 30

# charts of many points, as the page makes them: the milliseconds until they are drawn, and of a move of the marker
CHARTS = """async (count) => {
  const { src } = [...performance.getEntriesByType("resource")].map(({ name }) => ({ src: name }))
    .find(({ src }) => src.endsWith("/train/train.js"));
  const { RunCharts } = await import(new URL("run_charts.js", src).href);
  const element = document.querySelector(".train");
  const charts = new RunCharts(element);
  const curve = Array.from({ length: count }, (_, index) =>
    [320 * (index + 1), 1 + Math.sin(index / 900) / 2 + (index % 997 ? 0 : 3), 1.2 + Math.random() / 4, 0.6, 0.4]);
  const scores = Array.from({ length: 300 }, (_, index) => [(index + 1) * count, 20 + Math.random(), 0.8]);
  const status = { loss: "bce", equilibrium: Math.log(4), equilibrium_g: Math.log(2), scores };
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const times = { draw: [], move: [] };
  for (let repeat = 0; repeat < 5; repeat += 1) {
    await painted();
    const started = performance.now();
    charts.show(status, curve);
    element.getBoundingClientRect();
    await painted();
    times.draw.push(performance.now() - started);
  }
  const svg = element.querySelector(".losses");
  const { left, width, top } = svg.getBoundingClientRect();
  for (let move = 0; move < 100; move += 1) {
    const started = performance.now();
    const clientX = left + width * (0.5 + 0.4 * Math.sin(move / 7));
    svg.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY: top + 50 }));
    element.getBoundingClientRect();
    times.move.push(performance.now() - started);
    await new Promise(requestAnimationFrame);
  }
  return times;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="lines of the run's metrics")
    parser.add_argument("--no-browser", action="store_true", help="measure the server only")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make_runs(Path(folder) / "runs", args.lines)
        with going_on(Path(folder) / "runs" / RUN, args.lines), app(Path(folder)) as (url, pid):
            server(url, pid, args.lines)
            if not args.no_browser:
                browser(url, args.lines)


def make_runs(runs: Path, lines: int) -> None:
    """Write the long run, and short ones beside it."""
    for number in range(OTHER_RUNS):
        write_run(runs, f"other-{number:02d}")
    run = write_run(runs, RUN)
    total = lines * EVERY
    with (run / "metrics.jsonl").open("w") as file:
        file.writelines(metrics_line(number + 1) for number in range(lines))
    values = {"kid": 0.02, "kid_error": 0.001, "coverage": 0.8, "diversity": 0.9}
    scores = [{"nimg": (number + 1) * total // SCORES, **values} for number in range(SCORES)]
    (run / "scores.jsonl").write_text("".join(json.dumps(score) + "\n" for score in scores))
    grid = grid_of(0)
    for number in range(GRIDS):
        (run / "samples" / f"{(number + 1) * total // GRIDS:09d}.jpg").write_bytes(grid)


def metrics_line(number: int) -> str:
    losses = {"G_loss": 1.234567, "D_loss": 1.045678, "D_x": 0.612345, "D_G_z1": 0.387654, "D_G_z2": 0.356789}
    return json.dumps({"nimg": EVERY * number, "seconds": number * 1.5, **losses, "speed": 213.4, "lr": 0.0002}) + "\n"


@contextmanager
def going_on(run: Path, lines: int) -> Iterator[None]:
    """Hold the run's lock and write a line and the status a second, as a trainer does."""
    stop = threading.Event()

    def train() -> None:
        number = lines
        while not stop.wait(1):
            number += 1
            status = json.loads((run / "status.json").read_text())
            status.update(state="running", nimg=EVERY * number, total=2 * EVERY * lines, speed=213.4, eta=3600)
            (run / "new-status").write_text(json.dumps(status))
            os.replace(run / "new-status", run / "status.json")
            with (run / "metrics.jsonl").open("a") as file:
                file.write(metrics_line(number))

    with FileLock(run / "lock"):
        thread = threading.Thread(target=train)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


@contextmanager
def app(folder: Path) -> Iterator[tuple[str, int]]:
    """Start app.py on the folder's runs, and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "--port", str(port), "--runs", str(folder / "runs")]
    environment = {**os.environ, "DCGAN_CACHE": str(folder / "cache")}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def server(url: str, pid: int, lines: int) -> None:
    """Time single answers, then the CPU time that the watchers cost."""
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        client.get("/dcgan/train/status?run=other-00")
        for name in ("first", "second"):
            began = time.perf_counter()
            answer = client.get(f"/dcgan/train/status?run={RUN}")
            took = time.perf_counter() - began
            points = len(answer.json()["curve"])
            row(f"{name} status of a run of {lines:,} lines", f"{took * 1000:.0f} ms, {points} points, "
                f"{len(answer.content) / 1000:.0f} kB")  # fmt: skip
    last = lines * EVERY
    used = cpu_seconds(pid)
    looks = asyncio.run(watch(url, last))
    seconds = cpu_seconds(pid) - used
    row(
        f"{WATCHERS} pages that watch it, each second",
        f"{seconds / SECONDS:.1%} of a core, {looks / SECONDS:.0f} looks a second",
    )
    used = cpu_seconds(pid)
    time.sleep(10)
    row("nobody watches", f"{(cpu_seconds(pid) - used) / 10:.1%} of a core")


async def watch(url: str, last: int) -> int:
    """Look at the run each second, as the page does, from many pages at once; return how many looks there were."""

    async def look(client: httpx.AsyncClient, number: int) -> int:
        looks, after, end = 0, last, time.monotonic() + SECONDS
        await asyncio.sleep(number / WATCHERS)
        while time.monotonic() < end:
            with suppress(httpx.TransportError):  # a connection that the server has just closed: the next look is soon
                answer = (await client.get(f"/dcgan/train/status?run={RUN}&after={after}&token=")).json()
                after = max([after, *(point[0] for point in answer["curve"])])
                looks += 1
            await asyncio.sleep(1)
        return looks

    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
        return sum(await asyncio.gather(*(look(client, number) for number in range(WATCHERS))))


def browser(url: str, lines: int) -> None:
    """Time a page that opens the run, then charts of all its lines."""
    chromium = os.environ.get("DCGAN_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("There is no chromium here; set DCGAN_CHROMIUM to one.")
    with sync_playwright() as engine:
        running = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        page = running.new_context(viewport={"width": 1400, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        page.wait_for_selector('.explore .stage[data-state="live"]')
        page.wait_for_function("!document.querySelector('.explore .score').textContent.startsWith('Waiting')")
        page.wait_for_timeout(3000)
        began = time.perf_counter()
        page.get_by_role("tab", name="Train").click()
        page.wait_for_selector(".train .losses .line.of-g[d*=L]", state="attached")
        row("from a press on Train to its curves", f"{(time.perf_counter() - began) * 1000:.0f} ms")
        charts(page, lines)
        running.close()


def charts(page: Page, lines: int) -> None:
    page.route("**/train/status?*", lambda route: None)  # the page's own looks would be measured as well
    page.wait_for_timeout(2000)
    times = page.evaluate(CHARTS, lines)
    row(f"four charts of {lines:,} points, drawn and painted", spread(times["draw"]))
    row("a move of the marker over them", spread(times["move"]))


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far, in user and in system mode."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {ordered[len(ordered) // 2]:.1f} ms, worst {ordered[math.ceil(len(ordered)) - 1]:.1f} ms"


def row(what: str, value: str) -> None:
    print(f"| {what} | {value} |", flush=True)


if __name__ == "__main__":
    main()
