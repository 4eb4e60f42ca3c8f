"""The page: a header, a tab a file, the named API; and how it is to be launched."""

from __future__ import annotations

from typing import Any

import gradio as gr

from dcgan.web.arithmetic.api import add_latent_api
from dcgan.web.arithmetic.routes import latent_routes
from dcgan.web.assets import component, style_sheet
from dcgan.web.directions.api import add_direction_api
from dcgan.web.directions.routes import direction_routes
from dcgan.web.inside.api import add_layer_api
from dcgan.web.inside.routes import layer_routes
from dcgan.web.interpolate.routes import film_routes
from dcgan.web.nearest.api import add_nearest_api
from dcgan.web.nearest.routes import nearest_routes
from dcgan.web.photo.api import add_photo_api
from dcgan.web.photo.routes import photo_routes
from dcgan.web.pictures.api import add_api
from dcgan.web.pictures.frame_routes import frame_routes
from dcgan.web.pictures.routes import picture_routes
from dcgan.web.services import Services
from dcgan.web.theme import darkroom
from dcgan.web.train.api import add_train_api
from dcgan.web.train.routes import train_routes

TITLE = "DCGAN: hold a face by its sliders"
TABS = ("Explore", "Interpolate", "Train", "Learn")  # each is the folder of its name


def build(services: Services) -> gr.Blocks:
    """The page as Blocks; to be launched with `launch_options` of the same services."""
    # files that the API hands out live for an hour
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(600, 3600)) as demo:
        component("header")
        with gr.Tabs(elem_id="tabs"):
            for name in TABS:
                with gr.Tab(name, id=name.lower()):
                    component(name.lower())
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
