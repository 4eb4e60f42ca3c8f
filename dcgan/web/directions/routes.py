"""Routes of the directions, beside `routes.py` and by its rules.

GET  dcgan/directions?model&method   how much of all change lies along each (slow when asked first), and what is kept
POST dcgan/notes                     names, locks and order, or a taught direction, to be kept with the model
POST dcgan/teach                     seeds that have a trait and seeds that have not → a direction, and how good it is

Where others can reach the page nothing of a visitor's is kept here: "notes" is null, and the browser keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dcgan import schema
from dcgan.engine.direction_labels import MAX_TAUGHT, Notes, labels_fields, parse_labels, parse_taught, taught_fields
from dcgan.errors import RequestError
from dcgan.latent.fit_direction import MOST
from dcgan.schema import MAX_NZ, METHODS, encode_z, one_of, parse_edits
from dcgan.web.pictures.routes import PREFIX, answer, read_json
from dcgan.web.services import Services

THREADS = 8
T = TypeVar("T")


def direction_routes(services: Services) -> list[BaseRoute]:
    """Routes for the sliders of Explore."""
    desk = _Directions(services)
    return [
        Route(f"{PREFIX}/directions", answer(desk.directions), methods=["GET"]),
        Route(f"{PREFIX}/notes", answer(desk.change), methods=["POST"]),
        Route(f"{PREFIX}/teach", answer(desk.teach), methods=["POST"]),
    ]


def notes_fields(notes: Notes) -> dict[str, Any]:
    """Notes as JSON."""
    labels = {method: labels_fields(of_method) for method, of_method in notes.labels.items()}
    return {"labels": labels, "taught": [taught_fields(one) for one in notes.taught]}


class _Directions:
    """The handlers. Holds nothing of any visitor."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._book = services.renderer.book
        self._threads = CapacityLimiter(THREADS)

    async def _thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await to_thread.run_sync(work, *arguments, limiter=self._threads)

    def _model(self, fields: Mapping[str, Any]) -> str:
        return schema.parse_model(fields, self._services.store.names)

    async def directions(self, request: Request) -> Response:
        params = request.query_params
        return JSONResponse(await self._thread(self._found, self._model(params), one_of(params, "method", METHODS)))

    def _found(self, model: str, method: str) -> dict[str, Any]:
        shares = [round(float(share), 4) for share in self._book.get(model, method).share]
        notes = None if self._services.settings.shared else notes_fields(self._book.notes(model))
        return {"shares": shares, "weights": self._book.fingerprint(model), "notes": notes}

    async def change(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise RequestError("This request comes from another site's page; open this page itself.")
        if self._services.settings.shared:
            raise RequestError(
                "This machine is shared, so names and taught sliders are kept in each visitor's browser."
            )
        await self._thread(self._change, await read_json(request))
        return JSONResponse({})

    def _change(self, body: Mapping[str, Any]) -> None:
        model = self._model(body)
        self._services.renderer.info(model)  # says when there is no such model
        if "labels" in body:
            self._book.relabel(model, one_of(body, "method", METHODS), parse_labels(body["labels"]))
        elif "taught" in body:
            self._book.teach(model, parse_taught(body["taught"]))
        elif "forget" in body:
            self._book.forget(model, _key(body["forget"]))
        else:
            keys = body.get("arrange")
            if not isinstance(keys, list) or len(keys) > MAX_TAUGHT:
                raise RequestError("Nothing is to be kept: send labels, taught, forget or arrange.")
            self._book.arrange(model, [_key(key) for key in keys])

    async def teach(self, request: Request) -> Response:
        return JSONResponse(await self._thread(learn, self._services, await read_json(request)))


def learn(services: Services, body: Mapping[str, Any]) -> dict[str, Any]:
    """{"model", "has", "has_not": seeds, "locked": directions as in edits} → the direction, and how good it is."""
    model = schema.parse_model(body, services.store.names)
    has, has_not = (_seeds(body.get(name, []), name) for name in ("has", "has_not"))
    twice = set(has) & set(has_not)
    if twice:
        raise RequestError(f"Seed {min(twice)} is among those that have it and among those that have not; choose one.")
    locked = body.get("locked") or []
    if not isinstance(locked, list) or not all(isinstance(one, Mapping) for one in locked):
        raise RequestError("locked must be a list of directions such as {'direction': 0, 'method': 'sefa'}.")
    lesson = services.renderer.learn(model, has, has_not, parse_edits([{"amount": 1, **one} for one in locked]))
    return {
        "vector": encode_z(lesson.vector.tolist()),
        "accuracy": round(lesson.accuracy, 4),
        "has": lesson.has,
        "has_not": lesson.has_not,
        "sure": lesson.sure,
        "words": lesson.words,
    }


def _seeds(raw: object, name: str) -> list[int]:
    if not isinstance(raw, list) or len(raw) > MOST:
        raise RequestError(f"{name} must be a list of at most {MOST} seeds.")
    seeds = [schema.parse_face({"seed": seed}).seed for seed in raw]
    if len(set(seeds)) < len(seeds):
        raise RequestError(f"{name} names a seed twice.")
    return seeds


def _key(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > 3 * MAX_NZ:
        raise RequestError("A taught direction is named by its vector's text.")
    return raw
