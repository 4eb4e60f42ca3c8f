"""Which part of the package may import which: arrows run one way, from the page and the command line down."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "dcgan"
MODULES = sorted(
    ".".join(("dcgan", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path.name != "__main__.py"
)

# From the bottom up. A part (a folder, or a file beside them) imports from lower rows only, and from itself.
LAYERS = (
    ("errors", "file_kind", "files", "presets", "augment", "negatives", "images", "memory"),
    ("config", "device", "losses"),
    ("models",),
    ("checkpoint", "folded"),
    ("store",),
    ("data", "latent", "importing"),
    ("metrics", "schema", "exporting"),
    ("training", "engine"),
    ("jobs",),
    ("web",),
    ("cli",),
    ("__main__",),
)
LAYER_OF = {part: number for number, parts in enumerate(LAYERS) for part in parts}


def loaded_after(statement: str) -> set[str]:
    """Top-level modules that are there once a statement has run in a new interpreter."""
    code = f"{statement}\nimport sys\nprint(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return set(done.stdout.split())


def test_only_the_page_imports_gradio():
    """Every module outside dcgan/web loads without gradio: the trainer and the command line do not need it."""
    below = [name for name in MODULES if not name.startswith("dcgan.web")]
    assert "gradio" not in loaded_after("\n".join(f"import {name}" for name in below))


@pytest.mark.parametrize("name", ["dcgan", "dcgan.config", "dcgan.errors"])
def test_settings_load_without_torch(name):
    """Reading settings does not wait for torch to load."""
    assert "torch" not in loaded_after(f"import {name}")


def test_every_part_has_a_layer():
    """LAYERS names every folder and every file of the package, each once, and nothing else."""
    there = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert there - {"__init__"} == set(LAYER_OF)
    assert len(LAYER_OF) == sum(map(len, LAYERS))


@pytest.mark.parametrize("part", LAYER_OF)
def test_parts_import_only_from_rows_below(part):
    """No file of a part imports, even within a function, from its own layer's other parts or from one above."""
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").is_file() else sorted((PACKAGE / part).rglob("*.py"))
    assert files
    for file in files:
        for name in imported_by(file):
            other = name.split(".")[1] if name.startswith("dcgan.") else part
            assert other == part or LAYER_OF[other] < LAYER_OF[part], f"{file} imports {name}"


def imported_by(file: Path) -> set[str]:
    """Every module that a file names in an import."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full"
            names.add(node.module or "")
            if node.module == "dcgan":
                names.update(f"dcgan.{alias.name}" for alias in node.names if alias.name != "__version__")
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return names
