"""One HTML file that holds a generator and draws its pictures in the browser, without any server.

The file is `page/page.html` with the style sheet, the JavaScript modules, the model and its card put in. Modules import
each other by names of an import map, whose addresses are data: URLs, because a file opened from a disk may not import
other files.
"""

from __future__ import annotations

import base64
import html
import json
import posixpath
import re
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from dcgan.checkpoint import bare_generator, load_generator, pictures_seen
from dcgan.engine.renderer import Renderer
from dcgan.exporting.model_zip import public_info
from dcgan.schema import METHODS
from dcgan.store import ModelStore
from dcgan.web.generator.reference_pictures import reference_pictures

WEB = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).resolve().parent / "page"
MAIN_MODULE = "take_home/page/page.js"
IMPORT = re.compile(r'(from|import) "(\.{1,2}/[\w./]+\.js)"')
RELATIVE_LINK = re.compile(r"!?\[([^\]]*)\]\((?!https?:)[^)]*\)")
CHECKED_SEEDS = [0, 1, 2, 3]
DEFAULT_SEED = 27


def page_html(store: ModelStore, renderer: Renderer, model: str) -> str:
    """The page of a model. Raises CheckpointError for a model that cannot be read."""
    path = store.generator_path(model)
    loaded = load_generator(path)
    config, seen = loaded.config, pictures_seen(loaded.info)
    name = model.partition(":")[2] or model
    facts = f"A DCGAN of {config.image_size} × {config.image_size} pixels and {config.nz} dimensions"
    values = {
        "title": html.escape(name),
        "facts": html.escape(f"{facts}, trained on {seen:,} pictures." if seen else f"{facts}."),
        "style": (PAGE / "page.css").read_text(encoding="utf-8"),
        "modules": json.dumps({"imports": module_addresses()}),
        "seed": str(DEFAULT_SEED),
        "nz": str(config.nz),
        "card": card_html(card_path(store, model), loaded.info),
        # "<" would end the script element
        "model": json.dumps(_model_fields(renderer, model, name)).replace("<", "\\u003c"),
        "weights": base64.b64encode(bare_generator(path)).decode(),
    }
    template = (PAGE / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda place: values[place[1]], template)


def file_stem(model: str) -> str:
    """The name under which a model's files are saved, without an ending: run:first@900 → run-first-900."""
    return re.sub(r"[^\w.-]+", "-", model, flags=re.ASCII)[:80]


def card_path(store: ModelStore, model: str) -> Path:
    """Where a model's card lies, if it has one."""
    return store.generator_path(model).parent / "README.md"


def module_addresses() -> dict[str, str]:
    """data: URLs of the page's main module and of all that it imports, by the names that they import each other by."""
    addresses: dict[str, str] = {}
    waiting = [MAIN_MODULE]
    while waiting:
        module = waiting.pop()
        if f"dcgan/{module}" in addresses:
            continue
        text, imported = with_full_names((WEB / module).read_text(encoding="utf-8"), posixpath.dirname(module))
        waiting += imported
        addresses[f"dcgan/{module}"] = f"data:text/javascript;base64,{base64.b64encode(text.encode()).decode()}"
    return addresses


def with_full_names(text: str, folder: str) -> tuple[str, list[str]]:
    """A module of a folder whose imports are names of the import map, and the paths of what it imports."""
    imported: list[str] = []

    def full_name(found: re.Match[str]) -> str:
        imported.append(posixpath.normpath(posixpath.join(folder, found[2])))
        return f'{found[1]} "dcgan/{imported[-1]}"'

    return IMPORT.sub(full_name, text), imported


def card_html(card: Path, info: dict[str, Any]) -> str:
    """A model's card as HTML, without its title, pictures and links within the repository; facts where it has none."""
    if card.is_file():
        text = _without_local_links(card.read_text("utf-8"))
        text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
        text = re.sub(r"\A\s*# .*\n", "", text)
    else:
        # no name of pictures that are somebody's own: whoever gets the page is not the one who trained the model
        text = f"Trained on {public_info(info).get('data') or 'pictures of its own'}. The model has no card."
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _without_local_links(text: str) -> str:
    """Markdown without pictures that lie beside it, and with the words alone of links to other files."""
    return RELATIVE_LINK.sub(lambda link: "" if link[0].startswith("!") else link[1], text)


def _model_fields(renderer: Renderer, model: str, name: str) -> dict[str, Any]:
    """What the page's script needs: the directions and their names, and some pictures to check its own against."""
    directions = renderer.directions(model)
    labels = renderer.catalog.labels(model).by_method.get(METHODS[0])
    names = labels.names if labels else {}
    count, nz = directions.axes.shape
    return {
        "name": name,
        "nz": nz,
        "axes": [[round(value, 6) for value in axis] for axis in directions.axes.tolist()],
        "names": [names.get(index) or f"direction {index + 1}" for index in range(count)],
        "check": reference_pictures(renderer, model, CHECKED_SEEDS),
    }


def write_space(folder: Path, page: str, model: str, card: Path) -> None:
    """Write a static Space: the page, and a README with the front matter that Hugging Face reads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(page, encoding="utf-8")
    text = card.read_text("utf-8") if card.is_file() else f"# {model}\n"
    text = _without_local_links(text)
    front = f"---\ntitle: {model}\nsdk: static\napp_file: index.html\npinned: false\n---\n\n"
    (folder / "README.md").write_text(front + text, encoding="utf-8")
