"""The Gradio theme: the page's colours for Gradio's own components, and system fonts, so that no other host is used."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils.colors import Color

# Warm greys, from light to dark. common/base.css uses the same values.
PAPER = Color(
    *("#fffdf8", "#f6f2ea", "#ece6da", "#dcd4c4", "#b3aa9b", "#8a8175"),
    *("#6b6358", "#4a443c", "#2c2926", "#1d1b19", "#141312"),
)
AMBER = Color(
    *("#fff8ea", "#ffeecb", "#ffdf9d", "#fbc96b", "#f7b548", "#f2a33a"),
    *("#c67a12", "#9a5b00", "#7a4700", "#5c3600", "#402500"),
)


def make_theme() -> gr.themes.Base:
    """Return the theme for `launch(theme=…)`."""
    theme = gr.themes.Base(
        primary_hue=AMBER,
        secondary_hue=AMBER,
        neutral_hue=PAPER,
        radius_size=gr.themes.sizes.radius_sm,
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    )
    return theme.set(
        body_background_fill="#f6f2ea",
        body_background_fill_dark="#141312",
        body_text_color="#25211c",
        body_text_color_dark="#e9e4dd",
        body_text_color_subdued="#6b6358",
        body_text_color_subdued_dark="#a19a91",
        background_fill_primary="#fffdf8",
        background_fill_primary_dark="#1d1b19",
        background_fill_secondary="#f1ece2",
        background_fill_secondary_dark="#191716",
        block_background_fill="#fffdf8",
        block_background_fill_dark="#1d1b19",
        border_color_primary="#dcd4c4",
        border_color_primary_dark="#35312d",
        button_primary_background_fill="#9a5b00",
        button_primary_background_fill_dark="#f2a33a",
        button_primary_background_fill_hover="#7a4700",
        button_primary_background_fill_hover_dark="#f7b548",
        button_primary_text_color="#fffdf8",
        button_primary_text_color_dark="#1d1b19",
        link_text_color="#9a5b00",
        link_text_color_dark="#f2a33a",
        color_accent_soft="#ffeecb",
        color_accent_soft_dark="#3a2b12",
        block_shadow="none",
    )
