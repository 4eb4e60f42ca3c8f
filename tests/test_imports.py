"""Who may know whom, held by starting fresh interpreters."""

from __future__ import annotations

import ast
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


# Parts of the package, and what each must not know: arrows run one way, from the page and the command line down.
MUST_NOT_KNOW = {
    "data": {"latent", "metrics", "sampler", "training", "jobs", "cli", "ui"},
    "latent": {"data", "metrics", "sampler", "training", "jobs", "cli", "ui"},
    "serving": {"data", "latent", "layers", "metrics", "sampler", "training", "jobs", "cli", "ui"},
    "layers": {"data", "latent", "metrics", "sampler", "training", "jobs", "cli", "ui"},
    "sampler": {"data", "metrics", "training", "jobs", "cli", "ui"},
    "metrics": {"sampler", "training", "jobs", "cli", "ui"},
    "training": {"sampler", "jobs", "cli", "ui"},
    "jobs": {"sampler", "cli", "ui"},
    "cli": {"ui"},
}


@pytest.mark.parametrize("part", MUST_NOT_KNOW)
def test_arrows_run_one_way(part):
    """No file of a part imports, even within a function, what lies above it or beside it."""
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").is_file() else sorted((PACKAGE / part).rglob("*.py"))
    assert files
    for file in files:
        known = {name.split(".")[1] for name in imported_by(file) if name.startswith("dcgan.")}
        assert not known & MUST_NOT_KNOW[part], file


def imported_by(file: Path) -> set[str]:
    """Every module that a file names in an import."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return names
