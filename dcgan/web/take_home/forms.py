"""The forms in which a model is taken home: each is a function that returns the file, and its media type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dcgan.checkpoint import load_discriminator, load_generator
from dcgan.exporting import model_zip, tutorial_bytes
from dcgan.web.services import Services
from dcgan.web.take_home.bundle import file_stem, page_html


@dataclass(frozen=True)
class Form:
    """One kind of file; `write(services, model)` raises CheckpointError for a model that cannot be read."""

    media_type: str
    write: Callable[[Services, str], bytes]


def _page(services: Services, model: str) -> bytes:
    return page_html(services.store, services.renderer, model).encode()


def _zip(services: Services, model: str) -> bytes:
    return model_zip(services.store, model, file_stem(model))


def _tutorial(services: Services, model: str) -> bytes:
    path = services.store.discriminator_path(model)
    D = load_discriminator(path) if path else None
    return tutorial_bytes(load_generator(services.store.generator_path(model)).G, D)


# By the ending of the file; the first is the default.
FORMS: Mapping[str, Form] = {
    "html": Form("text/html", _page),
    "zip": Form("application/zip", _zip),
    "pt": Form("application/octet-stream", _tutorial),
}
