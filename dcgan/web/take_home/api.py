"""The API endpoint /take_home: a model as one HTML file."""

from __future__ import annotations

from gradio.data_classes import FileData

from dcgan import schema
from dcgan.web.named_api import add_endpoint, file_answer, new_file
from dcgan.web.services import Services
from dcgan.web.take_home.bundle import file_name, page_html


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def take_home(model: str = "") -> FileData:
        """A model as one HTML file that draws its pictures in any browser, without this server.

        Args:
            model: a name from /models; empty takes the first.

        Returns:
            The file.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        path = new_file("html")
        path.write_text(page_html(services.store, services.renderer, name), encoding="utf-8")
        return file_answer(path, file_name(name), "text/html")

    add_endpoint(take_home, services.limits.analyses)
