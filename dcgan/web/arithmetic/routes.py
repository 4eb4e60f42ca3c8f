"""Routes that answer with latents rather than pictures; the page then asks for those as it does for any other.

POST dcgan/numbers     a face → all its numbers, as a list and as text, and how usual their length is
POST dcgan/arithmetic  terms of faces → their sum, step by step
POST dcgan/breed       two faces → nine children
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dcgan import schema
from dcgan.latent.breeding import breed
from dcgan.latent.inversion import shell
from dcgan.latent.prior import share_shorter
from dcgan.schema import check_number, check_seed, encode_z
from dcgan.web.arithmetic.add_latents import add_latents, parse_terms
from dcgan.web.pictures.routes import PREFIX, THREADS, Endpoint, answer, read_json
from dcgan.web.services import Services


def latent_routes(services: Services) -> list[BaseRoute]:
    """Routes for the fader bank's numbers, for arithmetic and for breeding."""
    bench = _Bench(services)
    works = {"numbers": bench.numbers, "arithmetic": bench.arithmetic, "breed": bench.breed}
    return [Route(f"{PREFIX}/{name}", answer(bench.endpoint(work)), methods=["POST"]) for name, work in works.items()]


class _Bench:
    """The routes' handlers: each a function of the request's JSON, run in a thread. Holds nothing of any visitor."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._renderer = services.renderer
        self._threads = CapacityLimiter(THREADS)

    def endpoint(self, work: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]) -> Endpoint:
        """A route's endpoint; `work` is given the model's name and the body."""

        async def endpoint(request: Request) -> Response:
            body = await read_json(request)
            model = schema.parse_model(body, self._services.store.names)
            return JSONResponse(dict(await to_thread.run_sync(work, model, body, limiter=self._threads)))

        return endpoint

    def numbers(self, model: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        z = self._renderer.latent(model, schema.parse_face(body))
        length = float(z.norm())
        return {
            "z": [round(value, 6) for value in z.tolist()],
            "packed": encode_z(z.tolist()),
            "length": round(length, 3),
            "shorter": round(share_shorter(length, len(z)), 4),
            "usual": [round(end, 3) for end in shell(len(z))],
        }

    def arithmetic(self, model: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return add_latents(parse_terms(body.get("terms")), self._renderer, model)

    def breed(self, model: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        a, b = self._renderer.latents(model, schema.parse_faces(body.get("parents"), 2, 2))
        wildness = check_number(body.get("wildness", 0.2), "wildness", 0.0, 1.0)
        return {"children": [encode_z(z.tolist()) for z in breed(a, b, wildness, check_seed(body.get("seed", 0)))]}
