"""The Explore tab: a face on the desk, and everything that moves it."""

from __future__ import annotations

from dcgan.ui.component import own_component
from dcgan.ui.services import Services


def explore_tab(services: Services) -> None:
    """Builds the tab's content; the desk asks `dcgan/open` for everything it shows."""
    own_component("desk")
