"""Routes of the Train tab, beside `routes.py` and by its rules: JSON in, JSON or a picture out, errors as a sentence.

GET  dcgan/train/form                what can be chosen
POST dcgan/train/preview             64 pictures of a data set, and a sentence about it
POST dcgan/train/upload              a zip as the request's body → its name
POST dcgan/train/start|resume|stop   the run and, from start, its owner's token
GET  dcgan/train/status?run&after    state, new lines of the curves, the list of runs
GET  dcgan/train/picture?run&nimg    a grid of the run: samples at nimg, or the real ones
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dcgan.data import open_dataset
from dcgan.data.doodles import parse_choice
from dcgan.data.spec import parse
from dcgan.errors import DatasetError, RequestError, RunError
from dcgan.images import encode, grid, to_pil
from dcgan.jobs.runs import find_run
from dcgan.schema import LONGEST_TEXT, check_text, parse_run, parse_train
from dcgan.web.pictures.routes import PREFIX, Endpoint, answer, read_json
from dcgan.web.services import Services
from dcgan.web.train.form import form, paced
from dcgan.web.train.view import runs, watch, without_paths

PREVIEW = 64


def train_routes(services: Services) -> list[BaseRoute]:
    """Routes for the Train tab."""
    studio = _Studio(services)
    gets = {"form": studio.form, "status": studio.status, "picture": studio.picture}
    posts = {
        "preview": studio.preview,
        "upload": studio.upload,
        "start": studio.start,
        "resume": studio.resume,
        "stop": studio.stop,
    }
    return [
        *(Route(f"{PREFIX}/train/{name}", answer(handler), methods=["GET"]) for name, handler in gets.items()),
        *(Route(f"{PREFIX}/train/{name}", answer(_own(handler)), methods=["POST"]) for name, handler in posts.items()),
    ]


def _own(endpoint: Endpoint) -> Endpoint:
    """Refuses what another site's page lets a visitor's browser send: nobody trains on your machine but you."""

    async def own(request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise RequestError("This request comes from another site's page; open this page itself.")
        return await endpoint(request)

    return own


class _Studio:
    """The handlers. What takes long runs in threads of its own; reading a large data set holds nobody else up."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._jobs = services.jobs
        self._readers = CapacityLimiter(8)
        self._workers = CapacityLimiter(2)
        self._previews = CapacityLimiter(1)

    async def form(self, request: Request) -> Response:
        return JSONResponse(await to_thread.run_sync(form, self._services, limiter=self._readers))

    async def preview(self, request: Request) -> Response:
        body = await read_json(request)
        data = self._jobs.data_spec(check_text(body.get("data", ""), "data", LONGEST_TEXT))
        try:
            return JSONResponse(await to_thread.run_sync(_preview, data, limiter=self._previews))
        except DatasetError as error:
            raise RequestError(without_paths(self._jobs, str(error))) from None

    async def upload(self, request: Request) -> Response:
        """The body goes to a temporary file block by block; a body over the limit is refused while it arrives."""
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
            return JSONResponse(
                {"data": await to_thread.run_sync(uploads.keep, Path(file.name), limiter=self._workers)}
            )

    async def start(self, request: Request) -> Response:
        body = await read_json(request)
        wanted = parse_train(body)
        arguments = (wanted.data, wanted.preset, paced(wanted.preset, wanted.overrides))
        started = await to_thread.run_sync(self._jobs.start, *arguments, limiter=self._workers)
        return JSONResponse({"run": started.run, "token": started.token})

    async def resume(self, request: Request) -> Response:
        wanted = parse_run(await read_json(request))
        started = await to_thread.run_sync(self._jobs.resume, wanted.run, wanted.token, limiter=self._workers)
        return JSONResponse({"run": started.run})

    async def stop(self, request: Request) -> Response:
        wanted = parse_run(await read_json(request))
        await to_thread.run_sync(self._jobs.stop, wanted.run, wanted.token, limiter=self._readers)
        return JSONResponse({})

    async def status(self, request: Request) -> Response:
        return JSONResponse(await to_thread.run_sync(self._status, dict(request.query_params), limiter=self._readers))

    def _status(self, params: Mapping[str, str]) -> dict[str, Any]:
        after = _number(params.get("after", "-1"))
        told = watch(self._jobs, params.get("run", ""), after, params.get("token", ""))
        return {**told, "runs": runs(self._jobs)}

    async def picture(self, request: Request) -> Response:
        params = request.query_params
        run = find_run(self._jobs.runs, params.get("run", ""))
        nimg = params.get("nimg", "")
        if nimg != "reals" and not (nimg.isdecimal() and len(nimg) <= 12):
            raise RequestError("nimg must be a number of pictures, or reals.")
        path = run / "reals.jpg" if nimg == "reals" else run / "samples" / f"{int(nimg):09d}.jpg"
        if not path.is_file():
            raise RunError(f"The run {run.name} keeps no such picture.")
        # a grid never changes once it is there, but a run that is resumed may draw one again
        return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "max-age=60"})


def _preview(spec: str) -> dict[str, str]:
    """A grid of the first pictures as a data URL, and what is known of the set."""
    # to look at doodles only those that are shown need to be drawn
    small = parse(spec).kind == "doodles" and not parse_choice(parse(spec).options)
    dataset = open_dataset(f"doodles:{PREVIEW}" if small else spec, 64, 3)
    jpeg = encode(to_pil(grid(dataset.pictures[:PREVIEW], 8)), "jpeg")
    about = "Cartoon faces that this program draws itself." if small else dataset.description
    return {"picture": f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}", "about": about}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise RequestError("after must be a number of pictures.") from None
