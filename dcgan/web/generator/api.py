"""The API endpoint /weights: a model's generator as a file."""

from __future__ import annotations

from gradio.data_classes import FileData

from dcgan import schema
from dcgan.checkpoint import bare_generator
from dcgan.web.named_api import add_endpoint, file_answer, new_file
from dcgan.web.services import Services


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def weights(model: str = "") -> FileData:
        """A model's generator as a safetensors file, for drawing pictures without this server.

        Args:
            model: a name from /models; empty takes the first.

        Returns:
            The file: the layers of the PyTorch tutorial's Generator by their names (main.0.weight …), float16.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        path = new_file("safetensors")
        path.write_bytes(bare_generator(services.store.generator_path(name)))
        return file_answer(path, "generator.safetensors", "application/octet-stream")

    add_endpoint(weights, services.limiters.analyses)
