"""A model as a file to take home, as a download.

GET dcgan/take_home?model&form   form is html (the default): one file that draws the model's pictures without a server;
                                 zip: both networks and the card; pt: state dicts for the PyTorch tutorial
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dcgan import schema
from dcgan.schema import one_of
from dcgan.web.http import PREFIX, json_errors
from dcgan.web.services import Services
from dcgan.web.take_home.bundle import file_stem
from dcgan.web.take_home.forms import FORMS


def routes(services: Services) -> list[BaseRoute]:
    """Return the route of the download."""

    async def take_home(request: Request) -> Response:
        model = schema.parse_model(request.query_params, services.store.names)
        ending = one_of(request.query_params, "form", tuple(FORMS))
        form = FORMS[ending]
        content = await services.limiters.analyses.run(form.write, services, model)
        name = f"{file_stem(model)}.{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(content, media_type=form.media_type, headers=headers)

    return [Route(f"{PREFIX}/take_home", json_errors(take_home), methods=["GET"])]
