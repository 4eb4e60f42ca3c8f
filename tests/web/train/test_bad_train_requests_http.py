"""Values that no form sends, in every field of the train requests: a sentence each, no fault, nothing left on disk."""

from __future__ import annotations

import http.client
import json
from urllib.parse import quote

import pytest
from live_page import live_page

from dcgan.jobs.public_limits import PUBLIC_SETTINGS
from dcgan.training.control import ORDERS

BAD = {
    "NUL": "a\0b",
    "half a surrogate pair": "\ud800",
    "text of 400 digits": "9" * 400,
    "a number of 400 digits": int("9" * 400),
    "full-width digits": "１２",
    "Arabic digits": "١٢",
    "a superscript digit": "²",
    "digits with an underscore": "1_0",
    "a letter with an accent": "é",
    "not a number": float("nan"),
    "infinity": float("inf"),
    "a list": [1],
    "an object": {},
    "null": None,
    "two lines": "1\n2",
    "text too long": "x" * 501,
    "hexadecimal": "0x10",
}
NUMBERS = [name for name, allowed in PUBLIC_SETTINGS.items() if name != "xflip" and "etween" in str(allowed)]
SPECS = (
    *("doodles:{}", "doodles?seed={}", "doodles?hat={}", "torchvision:{}"),
    *("npy:/nowhere/{}", "folder:/nowhere/{}", "zip:/nowhere/{}", "npy:{}"),
    *("upload:{}", f"upload:{'a' * 24}.{{}}"),
)
START = {"data": "doodles:64", "preset": "quick"}


@pytest.fixture(scope="module", params=["one's own page", "a public page"])
def page(request, tmp_path_factory):
    public = request.param == "a public page"
    with live_page(tmp_path_factory.mktemp("page"), public=public) as live:
        yield live


@pytest.fixture(autouse=True)
def started(page, monkeypatch):
    """The trainers that would have been started."""
    runs = []
    monkeypatch.setattr(page.services.jobs, "_start_trainer", lambda run, command: runs.append(run))
    return runs


def refused(page, path, body=None):
    """Ask; it must be refused by one sentence that leaves nothing behind."""
    connection = http.client.HTTPConnection(page.url.split("/")[2], timeout=60)
    content = None if body is None else json.dumps(body)
    connection.request("GET" if body is None else "POST", f"/{path}", content, {"Content-Type": "application/json"})
    response = connection.getresponse()
    status, answer = response.status, json.loads(response.read())
    assert status == 422, (status, answer, path, body)
    assert set(answer) == {"error"} and "\n" not in answer["error"] and "Traceback" not in answer["error"]
    assert 10 < len(answer["error"]) < 700
    runs = page.services.jobs.runs
    assert not runs.exists() or not list(runs.iterdir()), (path, body)


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_settings(page, started, value):
    """No setting takes such a value, whatever it is for, and no setting has such a name."""
    for name in (*PUBLIC_SETTINGS, "threads"):
        refused(page, "dcgan/train/start", {**START, "overrides": {name: value}})
    refused(page, "dcgan/train/start", {**START, "overrides": {str(value): 1}})
    refused(page, "dcgan/train/start", {**START, "overrides": [value]})
    assert started == []


@pytest.mark.parametrize("name", NUMBERS)
def test_true_is_no_number(page, started, name):
    """Python takes true for 1; a setting that is a number does not."""
    refused(page, "dcgan/train/start", {**START, "overrides": {name: True}})
    assert started == []


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_data_sets_and_presets(page, started, value):
    """Such a data set is refused when a run is to start and when it is to be looked at, before a folder is made."""
    for spec in (value, *(spec.format(value) for spec in SPECS)):
        refused(page, "dcgan/train/start", {**START, "data": spec})
        refused(page, "dcgan/train/preview", {"data": spec})
    refused(page, "dcgan/train/start", {**START, "preset": value})
    assert started == []


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_runs_and_tokens(page, value):
    """A run or a token of this kind orders, resumes and shows nothing."""
    for move in ("up", value):
        refused(page, "dcgan/train/move_in_queue", {"run": "x", "token": value, "move": move})
    for route in (*ORDERS, "resume", "leave_queue"):
        refused(page, f"dcgan/train/{route}", {"run": value, "token": ""})
        refused(page, f"dcgan/train/{route}", {"run": "x", "token": value})
    text = quote(str(value), errors="surrogatepass")
    for name in ("run", "token", "after", "nimg"):
        others = {"run": "x", "nimg": "1"}
        query = "&".join(f"{key}={other}" for key, other in others.items() if key != name)
        refused(page, f"dcgan/train/status?{query}&{name}={text}")
        refused(page, f"dcgan/train/picture?{query}&{name}={text}")


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_a_run_with_an_owner(page, value):
    """Such a token is not the owner's: the run is ordered nothing, and its real pictures are not shown."""
    folder = page.services.jobs.runs / "mine"
    folder.mkdir(parents=True)
    try:
        (folder / "status.json").write_text('{"state": "running"}')
        (folder / "owner").write_text("0" * 64)
        text = quote(str(value), errors="surrogatepass")
        for path, body in (
            *((order, {"run": "mine", "token": value}) for order in ORDERS),
            ("resume", {"run": "mine", "token": value}),
            ("leave_queue", {"run": "mine", "token": value}),
            ("move_in_queue", {"run": "mine", "token": value, "move": "up"}),
            (f"picture?run=mine&nimg=reals&token={text}", None),
        ):
            connection = http.client.HTTPConnection(page.url.split("/")[2], timeout=60)
            content = None if body is None else json.dumps(body)
            connection.request("GET" if body is None else "POST", f"/dcgan/train/{path}", content)
            response = connection.getresponse()
            assert response.status == 422, response.read()
            assert set(json.loads(response.read())) == {"error"}
        assert sorted(path.name for path in folder.iterdir()) == ["owner", "status.json"]
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_named_endpoints(page, started, value, capfd):
    """A program's arguments are checked as the page's are: the answer is a sentence, and no fault is logged."""
    for name, arguments in (
        ("train_start", [value, "quick", None]),
        ("train_start", ["doodles:64", value if value is not None else 7, None]),
        ("train_start", ["doodles:64", "quick", {"batch": value}]),
        *((f"train_{order}", ["x", value]) for order in ORDERS),
        ("train_resume", [value if value is not None else 7, ""]),
        ("train_leave_queue", ["x", value]),
        ("train_move_in_queue", ["x", value, ""]),
        ("train_status", ["x", value]),
    ):
        connection = http.client.HTTPConnection(page.url.split("/")[2], timeout=60)
        body = json.dumps({"data": arguments})
        connection.request("POST", f"/gradio_api/run/{name}", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.status == 500, (name, response.read())
        assert isinstance(json.loads(response.read())["error"], str), (name, arguments)
    assert started == []
    assert "Traceback" not in capfd.readouterr().err
