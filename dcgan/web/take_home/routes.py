"""The page that one takes home, as a download.

GET dcgan/take_home?model   one HTML file that draws the model's pictures without a server
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dcgan import schema
from dcgan.web.http import PREFIX, json_errors
from dcgan.web.services import Services
from dcgan.web.take_home.bundle import file_name, page_html


def routes(services: Services) -> list[BaseRoute]:
    """Return the route of the download."""

    async def take_home(request: Request) -> Response:
        model = schema.parse_model(request.query_params, services.store.names)
        page = await services.limits.analyses.run(page_html, services.store, services.renderer, model)
        headers = {"Content-Disposition": f'attachment; filename="{file_name(model)}"', "Cache-Control": "no-store"}
        return Response(page, media_type="text/html", headers=headers)

    return [Route(f"{PREFIX}/take_home", json_errors(take_home), methods=["GET"])]
