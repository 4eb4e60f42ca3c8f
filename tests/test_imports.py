"""Who may know whom, held by starting fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "dcgan"
BELOW_UI = sorted(
    ".".join(("dcgan", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if "ui" not in path.relative_to(PACKAGE).parts and path.name != "__main__.py"
)


def loaded_after(statement: str) -> set[str]:
    """Top-level modules that are there once a statement has run in a new interpreter."""
    code = f"{statement}\nimport sys\nprint(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return set(done.stdout.split())


def test_nothing_below_the_ui_imports_gradio():
    """The whole package but its ui loads without gradio: the trainer and the command line do not need it."""
    assert "gradio" not in loaded_after("\n".join(f"import {name}" for name in BELOW_UI))


@pytest.mark.parametrize("name", ["dcgan", "dcgan.config", "dcgan.errors"])
def test_settings_load_without_torch(name):
    """What only speaks of settings does not wait for torch."""
    assert "torch" not in loaded_after(f"import {name}")
