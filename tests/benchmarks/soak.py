"""Lets visitors use a public page for some time and judges what is left: `python tests/benchmarks/soak.py`.

Starts app.py with `--public` on the shipped models. Visitors drag sliders, at first alone, then while others film,
upload, preview, photograph and disconnect. It prints a table and ends with status 1 unless all of this holds: memory at
the end within 10 % of that after their first minute together, no thread left, no error in the log, no temporary file
left, and p95 from a move to its picture at most three times that of dragging alone. Linux only, and no test.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from soak_visitors import Record, Visitor, drag, trouble

ROOT = Path(__file__).resolve().parents[2]
ALONE = 0.25  # share of the time in which visitors only drag
FIRST_MINUTE = 60.0  # of all visitors together; the memory is then what this much work at once needs
QUIET = 15.0  # seconds without visitors, after which idle threads have ended
MEMORY, SLOWER, THREADS = 1.10, 3.0, 2
# Kept for an hour: finished films and pictures of the named API. The caches, ours and PyTorch's, stay.
KEPT, CACHES = ("dcgan-films-", "dcgan-timelapses-", "dcgan-page-"), ("dcgan-cache", "torchinductor_")
FAULTS = ("Traceback", "Error", "failed", "exception was never retrieved")


@dataclass(frozen=True)
class Marks:
    """What was measured: MiB, threads, milliseconds and names of files."""

    memory_before: int
    memory_after: int
    threads_before: int
    threads_after: int
    p95_alone: float
    p95_among_others: float
    log: list[str]
    faults: list[str]
    left_while_running: list[str]
    left_afterwards: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0, help="at least 2 (default %(default)s)")
    parser.add_argument("--visitors", type=int, default=20, help="who drag (default %(default)s)")
    parser.add_argument("--others", type=int, default=5, help="who do everything else (default %(default)s)")
    args = parser.parse_args()
    if args.minutes < 2:
        sys.exit(f"--minutes must be at least 2, not {args.minutes:g}.")
    with tempfile.TemporaryDirectory(prefix="dcgan-soak-") as folder:
        marks, record = run(Path(folder), args.minutes * 60, args.visitors, args.others)
    for what, count in sorted(record.answers.items()):
        print(f"  {what}: {count:,}")
    sys.exit(0 if judge(marks) else 1)


def run(folder: Path, seconds: float, visitors: int, others: int) -> tuple[Marks, Record]:
    """Serve the page from a folder of its own, let the visitors in, and measure."""
    temporary = folder / "temporary"
    temporary.mkdir()
    with (folder / "log").open("w") as log:
        page = start(folder, temporary, log)
        try:
            host = wait_for_page(page, folder / "log")
            marks, record = asyncio.run(measure(page.pid, host, seconds, visitors, others))
            left = [name for name in names_in(temporary) if not name.startswith(KEPT + CACHES)]
        finally:
            page.terminate()
            page.wait(90)
    lines = (folder / "log").read_text().splitlines()
    return (
        Marks(
            **marks,
            log=[line for line in lines if any(word in line for word in FAULTS)],
            faults=record.faults,
            left_while_running=left,
            left_afterwards=[name for name in names_in(temporary) if not name.startswith(CACHES)],
        ),
        record,
    )


def start(folder: Path, temporary: Path, log) -> subprocess.Popen[bytes]:
    """Start the page behind a proxy that does not exist, so that each visitor can have an address of its own."""
    arguments = ["--public", "--behind-proxy", "--host", "127.0.0.1", "--runs", str(folder / "runs")]
    environment = {name: value for name, value in os.environ.items() if name != "GRADIO_TEMP_DIR"}
    return subprocess.Popen(
        [sys.executable, "-u", "app.py", *arguments],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(temporary), "DCGAN_CACHE": str(temporary / "dcgan-cache")},
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def wait_for_page(page: subprocess.Popen[bytes], log: Path) -> str:
    """Return host and port once the page answers."""
    while page.poll() is None:
        address = next((part for part in log.read_text().split() if part.startswith("http://127.")), "")
        if address:
            urllib.request.urlopen(address).close()
            return address.split("/")[2]
        time.sleep(0.2)
    sys.exit(log.read_text())


async def measure(pid: int, host: str, seconds: float, visitors: int, others: int) -> tuple[dict[str, float], Record]:
    """Let the visitors in, and return the numbers of `Marks`, and what they met."""
    warm, alone, mixed = Record(), Record(), Record()
    async with Visitor(host, 0, warm) as first:
        for act in first.acts:
            await first.do(act)
    await quiet(host, warm)
    threads = threads_of(pid)
    began = time.monotonic()
    await crowd(host, alone, began + seconds * ALONE, visitors, 0)
    crowding = asyncio.create_task(crowd(host, mixed, began + seconds, visitors, others))
    await asyncio.sleep(FIRST_MINUTE)
    memory = memory_of(pid)
    await crowding
    await quiet(host, mixed)
    mixed.faults += warm.faults + alone.faults
    return {
        "memory_before": memory,
        "memory_after": memory_of(pid),
        "threads_before": threads,
        "threads_after": threads_of(pid),
        "p95_alone": p95(alone.drags),
        "p95_among_others": p95(mixed.drags),
    }, mixed


async def crowd(host: str, record: Record, end: float, visitors: int, others: int) -> None:
    """Let visitors drag, and others do the rest, until `end`."""

    def until() -> bool:
        return time.monotonic() >= end

    async with asyncio.TaskGroup() as group:
        for number in range(visitors):
            group.create_task(drag(host, number, record, until))
        for number in range(others):
            group.create_task(trouble(host, number + 1, record, until))


async def quiet(host: str, record: Record) -> None:
    """Wait until everything that was asked for has ended; a request now and then lets idle threads go."""
    async with Visitor(host, 250, record) as visitor:
        for _ in range(5):
            await asyncio.sleep(QUIET / 5)
            await visitor.do(visitor.look_around)


def judge(marks: Marks) -> bool:
    """Print the table; return whether all is well."""
    rows = [
        (
            "memory after the first minute of all together, at the end",
            f"{marks.memory_before} MiB, {marks.memory_after} MiB",
            marks.memory_after <= MEMORY * marks.memory_before,
        ),
        (
            "threads after each thing was done once, at the end",
            f"{marks.threads_before}, {marks.threads_after}",
            marks.threads_after <= marks.threads_before + THREADS,
        ),
        (
            "p95 from a move to its picture, alone and among others",
            f"{marks.p95_alone:.0f} ms, {marks.p95_among_others:.0f} ms",
            marks.p95_among_others <= SLOWER * marks.p95_alone,
        ),
        ("errors in the log", str(marks.log[:3] or "none"), not marks.log),
        ("unexpected answers", str(marks.faults[:3] or "none"), not marks.faults),
        ("temporary files left while it runs", str(marks.left_while_running or "none"), not marks.left_while_running),
        ("temporary files left afterwards", str(marks.left_afterwards or "none"), not marks.left_afterwards),
    ]
    for what, value, is_well in rows:
        print(f"| {what} | {value} | {'well' if is_well else 'NOT WELL'} |")
    return all(is_well for _, _, is_well in rows)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def memory_of(pid: int) -> int:
    """MiB that a process holds."""
    return _status(pid, "VmRSS") // 1024


def threads_of(pid: int) -> int:
    return _status(pid, "Threads")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def p95(times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[int(len(ordered) * 0.95)] if ordered else float("nan")


if __name__ == "__main__":
    main()
