"""The Train tab: choose pictures, press Start, watch two networks learn."""

from __future__ import annotations

from dcgan.ui.component import own_component
from dcgan.ui.services import Services


def train_tab(services: Services) -> None:
    """Builds the tab's content; the studio asks `dcgan/train/…` for everything it shows."""
    own_component("studio")
