"""The page's own files: each feature's HTML, CSS and JavaScript lie in its folder, and are served as they are.

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
    """The component of a folder, mounted once its HTML is on the page."""
    template = (WEB / name / f"{name}.html").read_text(encoding="utf-8")
    module = f"dcgan/static/{version()}/{name}/{name}.js"
    wake = f"import(new URL('{module}', document.baseURI).href).then(m => m.mount(element))"
    return gr.HTML(html_template=template, js_on_load=wake, apply_default_css=False, elem_classes=["dcgan", name])


def style_sheet() -> str:
    """All folders' style sheets, the shared one first."""
    sheets = sorted(WEB.glob("*/*.css"), key=lambda path: (path.name != "base.css", path))
    return "\n".join(path.read_text(encoding="utf-8") for path in sheets)


def version() -> str:
    """A hash of all scripts, part of their address: a browser may cache a script, but never uses an old one."""
    scripts = b"".join(path.read_bytes() for path in sorted(WEB.glob("*/*.js")))
    return hashlib.blake2b(scripts, digest_size=6).hexdigest()


class Scripts(StaticFiles):
    """Serves the JavaScript below `dcgan/web` and nothing else that lies there."""

    def __init__(self) -> None:
        super().__init__(directory=WEB)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The script at `path`; 404 for any other kind of file."""
        if not path.endswith(".js"):
            raise HTTPException(status_code=404)
        return await super().get_response(path, scope)
