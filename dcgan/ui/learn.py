"""The Learn tab: what the two networks are, what they minimise, where they fail; with live figures."""

from __future__ import annotations

from dcgan.ui.component import own_component
from dcgan.ui.services import Services


def learn_tab(services: Services) -> None:
    """Builds the tab's content; its figures come from the loaded model."""
    own_component("learn")
