"""The API endpoint /take_home: a model as one file."""

from __future__ import annotations

from gradio.data_classes import FileData

from dcgan import schema
from dcgan.schema import one_of
from dcgan.web.named_api import add_endpoint, file_answer, new_file
from dcgan.web.services import Services
from dcgan.web.take_home.bundle import file_stem
from dcgan.web.take_home.forms import FORMS


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def take_home(model: str = "", form: str = "html") -> FileData:
        """A model as one file: an HTML page that draws its pictures in any browser, a zip, or a PyTorch file.

        Args:
            model: a name from /models, or run:ID@NIMG for a kept snapshot of a run; empty takes the first.
            form: "html"; "zip" (generator, discriminator and card); "pt" (state dicts for the PyTorch tutorial).

        Returns:
            The file.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        ending = one_of({"form": form}, "form", tuple(FORMS))
        path = new_file(ending)
        path.write_bytes(FORMS[ending].write(services, name))
        return file_answer(path, f"{file_stem(name)}.{ending}", FORMS[ending].media_type)

    add_endpoint(take_home, services.limiters.analyses)
