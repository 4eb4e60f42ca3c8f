"""Our own components are plain files: a template <name>.html, and a module <name>.js whose `mount(element)` runs it."""

from __future__ import annotations

import hashlib

import gradio as gr

from dcgan.ui.settings import ROOT

FOLDER = ROOT / "dcgan" / "ui" / "components"


def own_component(name: str) -> gr.HTML:
    """components/<name>.html, brought to life by components/<name>.js once it is on the page."""
    template = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    wake = f"import(new URL('dcgan/static/{version()}/{name}.js', document.baseURI).href).then(m => m.mount(element))"
    return gr.HTML(html_template=template, js_on_load=wake, apply_default_css=False, elem_classes=["dcgan", name])


def style_sheet() -> str:
    """All components' style sheets, the shared one first."""
    sheets = sorted(FOLDER.glob("*.css"), key=lambda path: (path.name != "base.css", path.name))
    return "\n".join(path.read_text(encoding="utf-8") for path in sheets)


def version() -> str:
    """A text that changes with any script, part of their address: a browser may keep scripts, but never stale ones."""
    scripts = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.js")))
    return hashlib.blake2b(scripts, digest_size=6).hexdigest()
