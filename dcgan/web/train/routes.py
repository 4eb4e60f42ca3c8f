"""Routes of the Train tab. They take JSON and return JSON or a picture; an error is one sentence.

GET  dcgan/train/form                the fields of the form, and the values of each preset
POST dcgan/train/preview             64 pictures of a data set, and a sentence about it
POST dcgan/train/upload?name         a zip as the request's body → its secret name, which /start takes as data
POST dcgan/train/start          → the run's id, its owner's token, and its place in the queue; 0 where it trains
POST dcgan/train/resume         → the run's id and its place in the queue
POST dcgan/train/ORDER          an order to the run's trainer: stop, pause, sample or save
POST dcgan/train/leave_queue    takes a waiting run out of the queue
POST dcgan/train/move_in_queue  move: "up" or "down", by one place
GET  dcgan/train/status?run&after    the run's status, its curves beyond `after` pictures, the list of runs, the queue
GET  dcgan/train/picture?run&nimg    a grid of the run: generated after nimg pictures, or nimg=reals; &token
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dcgan.data import open_dataset
from dcgan.errors import DatasetError, RequestError, RunError
from dcgan.images import encode, grid, to_pil
from dcgan.jobs.runs import find_run
from dcgan.jobs.visibility import visibility
from dcgan.schema import LONGEST_TEXT, check_text, parse_move, parse_run, parse_train
from dcgan.training.control import ORDERS
from dcgan.web.client import check_cancelled
from dcgan.web.http import PREFIX, Endpoint, json_errors, read_json
from dcgan.web.services import Services
from dcgan.web.train.form import form
from dcgan.web.train.run_progress import list_newest_runs, run_progress
from dcgan.web.visitor import visitor_address

PREVIEW = 64


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of the Train tab."""
    train = _Train(services)
    gets = {"form": train.form, "status": train.status, "picture": train.picture}
    posts: dict[str, Endpoint] = {
        "preview": train.preview,
        "upload": train.upload,
        "start": train.start,
        "resume": train.resume,
        **{order: partial(train.order, order) for order in ORDERS},
        "leave_queue": train.leave_queue,
        "move_in_queue": train.move_in_queue,
    }
    return [
        *(Route(f"{PREFIX}/train/{name}", json_errors(handler), methods=["GET"]) for name, handler in gets.items()),
        *(Route(f"{PREFIX}/train/{name}", json_errors(handler), methods=["POST"]) for name, handler in posts.items()),
    ]


class _Train:
    """The handlers of the routes. Slow work runs in threads, so that it does not delay other requests."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._jobs = services.jobs
        self._readers = CapacityLimiter(8)
        self._limiters = services.limiters

    async def form(self, request: Request) -> Response:
        return JSONResponse(await to_thread.run_sync(form, self._services, limiter=self._readers))

    async def preview(self, request: Request) -> Response:
        body = await read_json(request)
        data = self._jobs.data_spec(check_text(body.get("data", ""), "data", LONGEST_TEXT))
        try:
            return JSONResponse(await self._limiters.previews.run(_preview, data))
        except DatasetError as error:
            raise RequestError(self._jobs.uploads.show_own_names(str(error))) from None

    async def upload(self, request: Request) -> Response:
        """Write the body to a temporary file block by block; refuse a body over the limit while it arrives."""
        uploads = self._jobs.uploads
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            size = 0
            async for block in request.stream():
                size += len(block)
                uploads.check_size(size)
                file.write(block)
            file.flush()
            if not size:
                raise RequestError("The upload is empty; choose a zip of pictures.")
            name, visitor = request.query_params.get("name", ""), visitor_address(request, self._services.settings)
            keep = self._jobs.keep_upload
            return JSONResponse({"data": await self._limiters.trainings.run(keep, Path(file.name), name, visitor)})

    async def start(self, request: Request) -> Response:
        wanted, visitor = parse_train(await read_json(request)), visitor_address(request, self._services.settings)
        start = partial(self._jobs.start, wanted.data, wanted.preset, wanted.overrides, visitor)
        return JSONResponse(asdict(await self._limiters.trainings.run(start)))

    async def resume(self, request: Request) -> Response:
        wanted, visitor = parse_run(await read_json(request)), visitor_address(request, self._services.settings)
        resume = partial(self._jobs.resume, wanted.run, wanted.token, visitor)
        started = await self._limiters.trainings.run(resume)
        return JSONResponse({"run": started.run, "place": started.place})

    async def order(self, order: str, request: Request) -> Response:
        wanted = parse_run(await read_json(request))
        await to_thread.run_sync(self._jobs.order, wanted.run, order, wanted.token, limiter=self._readers)
        return JSONResponse({})

    async def leave_queue(self, request: Request) -> Response:
        wanted = parse_run(await read_json(request))
        await self._limiters.trainings.run(self._jobs.leave_queue, wanted.run, wanted.token)
        return JSONResponse({})

    async def move_in_queue(self, request: Request) -> Response:
        wanted = parse_move(await read_json(request))
        await self._limiters.trainings.run(self._jobs.move_in_queue, wanted.run, wanted.move, wanted.token)
        return JSONResponse({})

    async def status(self, request: Request) -> Response:
        return JSONResponse(await to_thread.run_sync(self._status, dict(request.query_params), limiter=self._readers))

    def _status(self, params: Mapping[str, str]) -> dict[str, Any]:
        after = _number(params.get("after", "-1"))
        progress = run_progress(self._jobs, params.get("run", ""), after, params.get("token", ""))
        return {**progress, "runs": list_newest_runs(self._jobs), "queue": self._jobs.queue.ids()}

    async def picture(self, request: Request) -> Response:
        params = request.query_params
        run = find_run(self._jobs.runs, params.get("run", ""))
        nimg = params.get("nimg", "")
        if nimg != "reals" and not (nimg.isdecimal() and len(nimg) <= 12):
            raise RequestError("nimg must be a number of pictures, or reals.")
        if nimg == "reals" and visibility(self._jobs, run, params.get("token", "")).hides_data:
            raise RunError("The real pictures of this run are shown only to the visitor who started it.")
        path = run / "reals.jpg" if nimg == "reals" else run / "samples" / f"{int(nimg):09d}.jpg"
        if not path.is_file():
            raise RunError(f"The run {run.name} has no such picture.")
        # A grid is written once; only a resumed run may write it again.
        return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "max-age=60"})


def _preview(spec: str) -> dict[str, str]:
    """Return a grid of the first pictures as a data URL, and a sentence about the data set."""
    dataset = open_dataset(spec, 64, 3, first=PREVIEW, on_progress=lambda done, total: check_cancelled())
    jpeg = encode(to_pil(grid(dataset.pictures, 8)), "jpeg")
    return {"picture": f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}", "about": dataset.description}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise RequestError("after must be a number of pictures.") from None
