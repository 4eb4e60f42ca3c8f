"""Routes of the list of runs. They take JSON and return JSON or a picture; an error is one sentence.

POST dcgan/runs             {"tokens": {run: token}} → {"runs": the facts of each run}
POST dcgan/runs/rename      run, token and name
POST dcgan/runs/delete      run and token; moves the run into the trash
POST dcgan/runs/restore     run and token; brings a deleted run back
POST dcgan/runs/compare     first, second and tokens → both runs' curves, and the settings that differ
POST dcgan/runs/settings    run and token → its settings, as the form of a new run takes them
GET  dcgan/runs/thumbnail?run&nimg   four faces of a run's grid after nimg pictures
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dcgan.errors import RequestError
from dcgan.jobs.runs import find_run
from dcgan.jobs.training_jobs import TrainingJobs
from dcgan.schema import parse_compare, parse_rename, parse_run, parse_tokens
from dcgan.web.http import PREFIX, json_errors, json_route
from dcgan.web.runs.duplicate import run_settings
from dcgan.web.runs.run_table import comparison, run_rows, thumbnail
from dcgan.web.services import Services


def routes(services: Services) -> list[BaseRoute]:
    """Return the routes of the list of runs."""
    jobs, limiter = services.jobs, services.limiters.analyses

    async def picture(request: Request) -> Response:
        nimg = request.query_params.get("nimg", "")
        if not (nimg.isascii() and nimg.isdecimal() and len(nimg) <= 12):
            raise RequestError("nimg must be a number of pictures.")
        run = find_run(jobs.runs, request.query_params.get("run", ""))
        jpeg = await limiter.run(thumbnail, run, int(nimg))
        return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "max-age=60"})

    posts = {
        "": _list,
        "/rename": _rename,
        "/delete": _delete,
        "/restore": _restore,
        "/compare": _compare,
        "/settings": _settings,
    }
    return [
        *(json_route("POST", f"runs{path}", partial(work, jobs), limiter) for path, work in posts.items()),
        Route(f"{PREFIX}/runs/thumbnail", json_errors(picture), methods=["GET"]),
    ]


def _list(jobs: TrainingJobs, body: Mapping[str, Any]) -> dict[str, Any]:
    tokens = parse_tokens(body)
    return {"runs": run_rows(jobs, lambda run: tokens.get(run, ""))}


def _rename(jobs: TrainingJobs, body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = parse_rename(body)
    jobs.rename(wanted.run, wanted.token, wanted.name)
    return {}


def _delete(jobs: TrainingJobs, body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = parse_run(body)
    jobs.delete(wanted.run, wanted.token)
    return {}


def _restore(jobs: TrainingJobs, body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = parse_run(body)
    jobs.restore(wanted.run, wanted.token)
    return {}


def _compare(jobs: TrainingJobs, body: Mapping[str, Any]) -> dict[str, Any]:
    wanted, tokens = parse_compare(body), parse_tokens(body)
    return comparison(jobs, wanted.first, wanted.second, lambda run: tokens.get(run, ""))


def _settings(jobs: TrainingJobs, body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = parse_run(body)
    return run_settings(jobs, wanted.run, wanted.token)
