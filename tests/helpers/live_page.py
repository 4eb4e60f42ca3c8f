"""A real page for tests: the app as app.py builds it, on a free port, with small generators whose faces differ."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradio import Blocks
from lively import add_contrast

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import ModelConfig
from dcgan.models import make_networks
from dcgan.web.build import build, launch_options
from dcgan.web.services import Services, make_services
from dcgan.web.settings import Settings


@dataclass(frozen=True)
class LivePage:
    """A running page."""

    url: str
    services: Services
    blocks: Blocks


def save_model(folder: Path, seed: int, critic: bool = True, data: str = "") -> None:
    """A small untrained model whose pictures have contrast, so that a change of z is a change of pixels."""
    G, D = make_networks(ModelConfig(ngf=8, ndf=8), seed)
    add_contrast(G, seed)
    info = {"nimg": 5000, "data": data or f"npy:/secret/place/tiny-{seed}"}
    save_generator(folder / "generator.safetensors", G, info)
    if critic:
        save_discriminator(folder / "discriminator.safetensors", D, {})


@contextmanager
def live_page(folder: Path, public: bool = False) -> Iterator[LivePage]:
    """Serve models "first" and "second" (which has no critic) from `folder` until the block ends."""
    save_model(folder / "checkpoints" / "first", seed=1)
    save_model(folder / "checkpoints" / "second", seed=2, critic=False)
    settings = Settings(checkpoints=folder / "checkpoints", runs=folder / "runs", device="cpu", public=public)
    services = make_services(settings)
    page = build(services)
    _, url, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_options(services))
    try:
        yield LivePage(url, services, page)
    finally:
        page.close(verbose=False)
        services.renderer.close()
