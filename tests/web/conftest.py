"""Live pages that the tests of routes and named endpoints share."""

from __future__ import annotations

import gradio_client
import pytest
from live_page import live_page


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """A page of one's own machine, for tests that leave it as they found it. A file that does not has its own."""
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture(scope="session")
def public_page(tmp_path_factory):
    """A page that strangers share, for tests that leave it as they found it."""
    with live_page(tmp_path_factory.mktemp("public"), public=True) as live:
        yield live


@pytest.fixture(scope="module")
def client(page):
    """A Gradio client of the page."""
    return gradio_client.Client(page.url, verbose=False)
