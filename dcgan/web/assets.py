"""The page's HTML, CSS and JavaScript files. Those of a feature are in its folder and are served unchanged.

A component is a template `<name>/<name>.html` and a module `<name>/<name>.js`, whose `mount(element)` starts it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import gradio as gr
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).resolve().parent


def component(name: str) -> gr.HTML:
    """Return the component of a folder. Its module is mounted once its HTML is on the page."""
    template = (WEB / name / f"{name}.html").read_text(encoding="utf-8")
    module = f"dcgan/static/{version()}/{name}/{name}.js"
    mount = f"import(new URL('{module}', document.baseURI).href).then(m => m.mount(element))"
    return gr.HTML(html_template=template, js_on_load=mount, apply_default_css=False, elem_classes=["dcgan", name])


def style_sheet() -> str:
    """Return the style sheets of all folders as one, the shared base.css first."""
    sheets = sorted(WEB.glob("*/*.css"), key=lambda path: (path.name != "base.css", path))
    return "\n".join(path.read_text(encoding="utf-8") for path in sheets)


def version() -> str:
    """Return a hash of all scripts. It is part of their address, so that a browser never uses an outdated script."""
    scripts = b"".join(path.read_bytes() for path in sorted(WEB.glob("*/*.js")))
    return hashlib.blake2b(scripts, digest_size=6).hexdigest()


class Scripts(StaticFiles):
    """Serves the JavaScript files below `dcgan/web` and no other files."""

    def __init__(self) -> None:
        super().__init__(directory=WEB)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the script at `path`; 404 for any other kind of file."""
        if not path.endswith(".js"):
            raise HTTPException(status_code=404)
        return await super().get_response(path, scope)
