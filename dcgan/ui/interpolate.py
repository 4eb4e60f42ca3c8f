"""The Interpolate tab: keyframes, a walk by hand, a film to take away."""

from __future__ import annotations

from dcgan.ui.component import own_component
from dcgan.ui.services import Services


def interpolate_tab(services: Services) -> None:
    """Builds the tab's content; the cutting room uses `dcgan/frame`, `dcgan/sheet` and `dcgan/film`."""
    own_component("cutting")
