"""The page: a header, a tab a file, the named API; and how it is to be launched."""

from __future__ import annotations

from typing import Any

import gradio as gr

from dcgan.ui.api import add_api
from dcgan.ui.component import own_component, style_sheet
from dcgan.ui.direction_api import add_direction_api
from dcgan.ui.direction_routes import direction_routes
from dcgan.ui.explore import explore_tab
from dcgan.ui.film_routes import film_routes
from dcgan.ui.frame_routes import frame_routes
from dcgan.ui.interpolate import interpolate_tab
from dcgan.ui.latent_api import add_latent_api
from dcgan.ui.latent_routes import latent_routes
from dcgan.ui.layer_api import add_layer_api
from dcgan.ui.layer_routes import layer_routes
from dcgan.ui.learn import learn_tab
from dcgan.ui.nearest_api import add_nearest_api
from dcgan.ui.nearest_routes import nearest_routes
from dcgan.ui.photo_api import add_photo_api
from dcgan.ui.photo_routes import photo_routes
from dcgan.ui.routes import picture_routes
from dcgan.ui.services import Services
from dcgan.ui.theme import darkroom
from dcgan.ui.train import train_tab
from dcgan.ui.train_api import add_train_api
from dcgan.ui.train_routes import train_routes

TITLE = "DCGAN: hold a face by its sliders"


def build(services: Services) -> gr.Blocks:
    """The page as Blocks; to be launched with `launch_options` of the same services."""
    # files that the API hands out live for an hour
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(600, 3600)) as demo:
        own_component("header")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Explore", id="explore"):
                explore_tab(services)
            with gr.Tab("Interpolate", id="interpolate"):
                interpolate_tab(services)
            with gr.Tab("Train", id="train"):
                train_tab(services)
            with gr.Tab("Learn", id="learn"):
                learn_tab(services)
        add_api(services)
        add_layer_api(services)
        add_nearest_api(services)
        add_photo_api(services)
        add_latent_api(services)
        add_direction_api(services)
        add_train_api(services)
    page: gr.Blocks = demo
    return page


def launch_options(services: Services) -> dict[str, Any]:
    """Keyword arguments for `demo.launch`."""
    settings = services.settings
    return {
        "server_name": settings.host,
        "server_port": settings.port,
        "theme": darkroom(),
        "css": style_sheet(),
        "footer_links": ["api"],
        "run_history": False,
        # Node in front of Python would hide our routes
        "ssr_mode": False,
        "share": False,
        "enable_monitoring": False,
        "max_file_size": settings.upload_limit,
        "app_kwargs": {
            "routes": [
                *picture_routes(services),
                *frame_routes(services),
                *direction_routes(services),
                *layer_routes(services),
                *nearest_routes(services),
                *photo_routes(services),
                *latent_routes(services),
                *film_routes(services),
                *train_routes(services),
            ]
        },
    }
