"""The page: a header, a component for each tab, every feature's routes and named endpoints; and how it is launched."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from dcgan.web.assets import Scripts, component, style_sheet, version
from dcgan.web.bodies import BodyLimits
from dcgan.web.client import ClientMiddleware
from dcgan.web.http import PREFIX
from dcgan.web.named_api import refuse_files
from dcgan.web.origin import OriginCheck
from dcgan.web.services import Services
from dcgan.web.theme import make_theme

TITLE = "DCGAN: move a face by sliders"
# Each is the folder of its name, with the files that `component` takes.
TABS = ("Explore", "Interpolate", "Train", "Learn")
# Components above the one of a tab
ABOVE = {"Train": ("runs",)}
# Each is the folder of its name, with `routes(services)` in routes.py and `add_api(services)` in api.py.
FEATURES = (
    "explore",
    "pictures",
    "directions",
    "inside",
    "nearest",
    "photo",
    "arithmetic",
    "breeding",
    "interpolate",
    "train",
    "health",
    "timelapse",
    "runs",
    "generator",
    "take_home",
    "learn",
)


def build(services: Services) -> gr.Blocks:
    """Return the page as Blocks, to be launched with `launch_options` of the same services."""
    # Files that the API hands out are deleted after an hour.
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(600, 3600)) as demo:
        component("header")
        with gr.Tabs(elem_id="tabs"):
            for name in TABS:
                with gr.Tab(name, id=name.lower()):
                    for part in (*ABOVE.get(name, ()), name.lower()):
                        component(part)
        for feature in FEATURES:
            import_module(f"dcgan.web.{feature}.api").add_api(services)
    refuse_files(demo)
    page: gr.Blocks = demo
    return page


def launch_options(services: Services) -> dict[str, Any]:
    """Return keyword arguments for `demo.launch`."""
    settings = services.settings
    middleware = [
        Middleware(OriginCheck, hosts=settings.hosts, behind_proxy=settings.behind_proxy),
        Middleware(BodyLimits, settings=settings),
        Middleware(ClientMiddleware),
    ]
    return {
        "server_name": settings.host,
        "server_port": settings.port,
        "theme": make_theme(),
        "css": style_sheet(),
        "footer_links": ["api"],
        "run_history": False,
        # Node in front of Python would hide our routes
        "ssr_mode": False,
        "share": False,
        "enable_monitoring": False,
        # Requests of Gradio's queue that wait for our limits; at Gradio's 40, long ones would hold up the short ones.
        "max_threads": 400,
        # Gradio remembers what each session sent last, which can be a picture of 16 MiB; nothing here needs it.
        "state_session_capacity": 16,
        "app_kwargs": {"routes": page_routes(services), "middleware": middleware},
    }


def page_routes(services: Services) -> list[BaseRoute]:
    """Return every feature's routes, and the page's scripts."""
    routes: list[BaseRoute] = [Mount(f"{PREFIX}/static/{version()}", Scripts())]
    for feature in FEATURES:
        routes += import_module(f"dcgan.web.{feature}.routes").routes(services)
    return routes
