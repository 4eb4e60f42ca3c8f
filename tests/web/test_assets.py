"""The page's own files."""

from __future__ import annotations

from asking import ask

from dcgan.web.assets import version


def test_only_scripts_are_served(page):
    """Scripts of a feature are served, the Python files that lie beside them are not."""
    assert b"export" in ask(page, f"static/{version()}/common/session.js")[1]
    for path in ("common/%2e%2e/settings.py", "settings.py"):
        assert ask(page, f"static/{version()}/{path}")[0] == 404
