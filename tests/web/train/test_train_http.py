"""Training through the app's own doors: routes, named endpoints, supervisor and a real trainer process."""

from __future__ import annotations

import http.client
import io
import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
import zipfile
from functools import partial

import gradio_client
import numpy as np
import pytest
from live_page import live_page
from PIL import Image
from waiting import wait_until

from dcgan.web.train import routes as train_routes

pytestmark = pytest.mark.slow

until = partial(wait_until, seconds=90, interval=0.2)

TINY = {
    "image_size": 32,
    "nz": 6,
    "ngf": 4,
    "ndf": 4,
    "batch": 8,
    "threads": 1,
    "log_every": 40,
    "sample_every": 200,
    "snapshot_every": 200,
    "state_every": 200,
    "eval_every": 0,  # without evaluations a trainer starts sooner: it computes no features of the pictures
    "kimg": 1000,
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live
        live.services.jobs.close()


@pytest.fixture(scope="module")
def public_page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("public"), public=True) as live:
        yield live
        live.services.jobs.close()


@pytest.fixture
def data(tmp_path):
    np.save(tmp_path / "train.npy", np.random.default_rng(0).integers(0, 256, (32, 32, 40), dtype=np.uint8))
    return f"npy:{tmp_path}"


@pytest.fixture
def client(page):
    yield gradio_client.Client(page.url, verbose=False)
    running = page.services.jobs.running()
    if running:
        page.services.jobs.order(running, "stop", wait=60)


def ask(page, path, body=None):
    """(status, content) of a train route; `body` may be JSON-able or raw bytes."""
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(f"{page.url}dcgan/train/{path}", content)
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def refusal(page, path, body=None):
    """The sentence with which a request is refused."""
    status, content = ask(page, path, body)
    assert status == 422, content
    return json.loads(content)["error"]


def test_the_whole_life_of_a_run_through_the_api(page, client, data):
    """Start, watch, stop, resume, killed, resume, pause: each by its named endpoint."""
    started = client.predict(data, "quick", TINY, api_name="/train_start")
    run, token = started["run"], started["token"]
    assert started["place"] == 0

    def status():
        return client.predict(run, api_name="/train_status")

    seen = until(lambda: (now := status())["nimg"] >= 200 and now)
    assert seen["state"] == "running" and seen["total"] == 1_000_000 and seen["speed"] > 0 and seen["eta"] > 0
    assert {"G_loss", "D_loss", "D_x", "D_G_z1", "D_G_z2"} <= seen.keys()
    assert client.predict("", api_name="/train_status")["run"] == run

    stopped = client.predict(run, token, api_name="/train_stop")
    assert stopped["state"] == "stopped" and stopped["can_resume"] and not stopped["alive"]
    assert f"run:{run}" in client.predict(api_name="/models")

    client.predict(run, token, api_name="/train_resume")
    until(lambda: status()["nimg"] >= stopped["nimg"] + 200)
    folder = page.services.jobs.runs / run
    os.kill(json.loads((folder / "status.json").read_text())["pid"], signal.SIGKILL)
    broken = until(lambda: (now := status())["state"] == "crashed" and now)
    assert "Resume" in broken["message"] and broken["can_resume"]

    client.predict(run, token, api_name="/train_resume")
    until(lambda: status()["nimg"] > broken["nimg"])
    paused = client.predict(run, token, api_name="/train_pause")
    assert paused["state"] == "paused" and paused["can_resume"] and not paused["alive"]


def test_runs_wait_in_the_queue_are_moved_and_taken_out(page, client, data):
    """A start while a run trains has its place; endpoints and routes move it, take it out, and list the queue."""
    first = client.predict(data, "quick", TINY, api_name="/train_start")["run"]
    second, third = (client.predict(data, "quick", TINY, api_name="/train_start") for _ in range(2))
    assert (second["place"], third["place"]) == (1, 2)
    second, third = second["run"], third["run"]
    told = json.loads(ask(page, f"status?run={second}")[1])
    assert (told["state"], told["place"], told["moves"], told["queue"]) == ("queued", 1, ["down"], [second, third])
    assert told["running"] == first and told["data"] and "preset quick" in told["facts"] and told["curve"] == []
    rows = {row["run"]: (row["state"], row["place"]) for row in client.predict(api_name="/runs")}
    assert rows[second] == ("queued", 1) and rows[third] == ("queued", 2) and rows[first][1] == 0

    moved = client.predict(third, "up", api_name="/train_move_in_queue")
    assert moved["place"] == 1 and page.services.jobs.queue.ids() == [third, second]
    assert ask(page, "move_in_queue", {"run": third, "move": "down"})[0] == 200
    assert page.services.jobs.queue.ids() == [second, third]
    assert "move must be one of up, down" in refusal(page, "move_in_queue", {"run": third, "move": "first"})
    assert "is the last of the queue" in refusal(page, "move_in_queue", {"run": third, "move": "down"})
    left = client.predict(second, api_name="/train_leave_queue")
    assert (left["state"], left["place"], left["can_resume"]) == ("stopped", 0, True)
    assert json.loads(ask(page, "resume", {"run": second})[1]) == {"run": second, "place": 2}
    for run in (second, third):
        assert ask(page, "leave_queue", {"run": run})[0] == 200
    assert "is not in the queue; it is " in refusal(page, "leave_queue", {"run": first})


def test_each_visitor_of_a_public_page_has_one_run_in_the_queue(public_page):
    """A second waiting run is refused by the route and by the endpoint, which know the visitor by the same address."""
    small = {name: TINY[name] for name in ("image_size", "nz", "ngf", "ndf", "batch")} | {"kimg": 150}
    body = {"data": "doodles:64", "preset": "quick", "overrides": small}
    trains, waits = (json.loads(ask(public_page, "start", body)[1]) for _ in range(2))
    assert (trains["place"], waits["place"]) == (0, 1)
    assert f"Your run {waits['run']} waits in the queue already" in refusal(public_page, "start", body)
    program = gradio_client.Client(public_page.url, verbose=False)
    with pytest.raises(Exception, match=f"Your run {waits['run']} waits"):
        program.predict("doodles:64", "quick", small, api_name="/train_start")
    for order in ({"run": waits["run"], "move": "down"}, {"run": waits["run"], "token": "guess", "move": "up"}):
        assert "another visitor" in refusal(public_page, "move_in_queue", order)
    assert "another visitor" in refusal(public_page, "leave_queue", {"run": waits["run"]})
    theirs = json.loads(ask(public_page, f"status?run={waits['run']}")[1])
    assert (theirs["state"], theirs["place"], theirs["moves"], theirs["mine"]) == ("queued", 1, [], False)
    assert ask(public_page, "leave_queue", waits)[0] == ask(public_page, "stop", trains)[0] == 200
    until(lambda: public_page.services.jobs.running() is None)


def test_a_run_samples_and_saves_when_it_is_ordered(page, client, data):
    """/train_sample and /train_save, as the page's routes, write a grid and a model that no interval asks for."""
    seldom = dict.fromkeys(("sample_every", "snapshot_every", "state_every"), 10**9)
    run = client.predict(data, "quick", {**TINY, **seldom}, api_name="/train_start")["run"]

    def status():
        return client.predict(run, api_name="/train_status")

    until(lambda: status()["state"] == "running")
    assert client.predict(run, api_name="/train_sample")["run"] == run
    first = until(lambda: len((now := status())["samples"]) == 2 and now)
    assert client.predict(run, api_name="/train_save")["run"] == run
    until(lambda: len(status()["snapshots"]) == 1)
    assert ask(page, "sample", {"run": run})[0] == ask(page, "save", {"run": run})[0] == 200
    second = until(lambda: len((now := status())["snapshots"]) == 2 and now)
    assert len(second["samples"]) == 3 and second["samples"][-1] > first["samples"][-1]
    assert second["state"] == "running"


def test_status_route_gives_the_curve_in_increments(page, client, data):
    """The page's status route sends each point once, says which run it speaks of, and serves its grids."""
    run = client.predict(data, "quick", TINY, api_name="/train_start")["run"]
    first = until(lambda: (now := json.loads(ask(page, "status?run=")[1])).get("curve") and now)
    assert first["run"] == run == first["running"] and first["mine"] and len(first["curve"][0]) == 5
    last = first["curve"][-1][0]
    more = until(lambda: (now := json.loads(ask(page, f"status?run={run}&after={last}")[1]))["curve"] and now)
    assert all(point[0] > last for point in more["curve"])
    for nimg in ("0", "reals"):
        status, content = ask(page, f"picture?run={run}&nimg={nimg}")
        assert status == 200 and Image.open(io.BytesIO(content)).format == "JPEG"


def test_scores_and_the_best_model_are_reported_and_other_runs_begin_with_it(page, client, data):
    """The status has the scores and the best model's position, and another run can begin with the best model."""
    short = {**TINY, "kimg": 1.6, "eval_every": 800}
    run = client.predict(data, "quick", short, api_name="/train_start")["run"]
    until(lambda: client.predict(run, api_name="/train_status")["state"] == "finished")
    told = json.loads(ask(page, f"status?run={run}")[1])
    assert [score[0] for score in told["scores"]] == [800, 1600] and told["best"] in (800, 1600)
    assert f"best:{run}" in client.predict(api_name="/models")
    form = json.loads(ask(page, "form")[1])
    assert f"best:{run}" in form["models"] and "second" not in form["models"], "a model without D begins no run"
    further = {"kimg": 0.2, "init": f"best:{run}", "batch": 8, "threads": 1}
    second = client.predict(data, "quick", further, api_name="/train_start")["run"]
    until(lambda: client.predict(second, api_name="/train_status")["state"] == "finished")
    config = json.loads((page.services.jobs.runs / second / "config.json").read_text())
    assert config["init"] == f"best:{run}" and config["model"]["nz"] == TINY["nz"]
    with pytest.raises(Exception, match="There is no model 'none'"):
        client.predict(data, "quick", {"kimg": 1, "init": "none"}, api_name="/train_start")


def test_preview_shows_what_would_be_trained_on(page, data):
    """The preview answers with a grid and a sentence with the count, for arrays as for doodles."""
    for spec, word in ((data, "40"), ("doodles", "12,000 colour pictures")):
        status, content = ask(page, "preview", {"data": spec})
        told = json.loads(content)
        assert status == 200 and told["picture"].startswith("data:image/jpeg") and word in told["about"]


def test_a_preview_stops_when_its_visitor_hangs_up(public_page, monkeypatch):
    """A reading that takes long ends soon after its visitor has gone, and the next visitor's preview is made."""
    begun, ended = threading.Event(), threading.Event()

    def read_forever(spec, size, nc, first, on_progress):
        begun.set()
        try:
            for done in range(3000):
                on_progress(done, 3000)
                time.sleep(0.01)
        finally:
            ended.set()

    with monkeypatch.context() as patch:
        patch.setattr(train_routes, "open_dataset", read_forever)
        connection = http.client.HTTPConnection(public_page.url.split("/")[2], timeout=60)
        connection.request("POST", "/dcgan/train/preview", json.dumps({"data": "doodles"}))
        assert begun.wait(30)
        connection.close()
        assert ended.wait(15)
    assert ask(public_page, "preview", {"data": "doodles"})[0] == 200


def test_a_visitor_asks_for_no_more_doodles_than_are_soon_drawn(public_page):
    """Neither a preview nor a run draws more than 20,000 doodles on a public page."""
    for path in ("preview", "start"):
        said = refusal(public_page, path, {"data": "doodles:20001", "preset": "quick"})
        assert said == "On this public page a data set has at most 20,000 doodles, not 20,001."
    assert ask(public_page, "preview", {"data": "doodles:20000?hat=crown"})[0] == 200


def zip_of_pictures(count):
    """The bytes of a zip of so many pictures."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for i in range(count):
            picture = io.BytesIO()
            Image.new("RGB", (40, 50), (i * 20, 80, 120)).save(picture, "PNG")
            archive.writestr(f"{i}.png", picture.getvalue())
    return buffer.getvalue()


def test_a_visitors_pictures_are_shown_to_nobody_else(public_page):
    """Of a run on an upload, others learn neither its name nor its real pictures nor its errors; its owner does."""
    upload = json.loads(ask(public_page, "upload?name=my%20faces.zip", zip_of_pictures(9))[1])["data"]
    small = {"kimg": 1, "image_size": 32, "ngf": 4, "ndf": 4, "nz": 8, "batch": 4}
    started = json.loads(ask(public_page, "start", {"data": upload, "preset": "quick", "overrides": small})[1])
    run, token = started["run"], started["token"]
    until(lambda: (public_page.services.jobs.runs / run / "reals.jpg").is_file())
    until(lambda: json.loads(ask(public_page, f"status?run={run}")[1])["state"] == "finished")

    mine, theirs = (json.loads(ask(public_page, f"status?run={run}&token={t}")[1]) for t in (token, ""))
    assert mine["data"] == "my faces.zip" and theirs["data"] == "a visitor's own pictures"
    reals = f"picture?run={run}&nimg=reals"
    assert ask(public_page, f"{reals}&token={token}")[0] == 200
    for wrong in ("", "&token=x", "&token=%ED%A0%80"):
        assert "shown only to the visitor who started it" in refusal(public_page, reals + wrong)
    upload_id, secret = upload.removeprefix("upload:").split(".")
    assert "not kept here any more" in refusal(public_page, "preview", {"data": f"upload:{upload_id}"})
    opened = urllib.request.urlopen(f"{public_page.url}dcgan/open?model=run:{run}", timeout=60).read().decode()
    for said in (json.dumps(theirs), opened):
        assert upload_id not in said and secret not in said and "my faces" not in said

    status = public_page.services.jobs.runs / run / "status.json"
    failed = {**json.loads(status.read_text()), "state": "failed", "message": "my faces.zip is damaged"}
    status.write_text(json.dumps(failed))
    mine, theirs = (json.loads(ask(public_page, f"status?run={run}&token={t}")[1]) for t in (token, ""))
    assert mine["message"] == "my faces.zip is damaged"
    assert theirs["message"] == "The run failed. Only the visitor who started it is told why."


def test_an_uploaded_zip_is_a_data_set(page):
    """A zip sent as a request's body can be looked at by the name it was given; rubbish is refused with a sentence."""
    status, content = ask(page, "upload", zip_of_pictures(9))
    name = json.loads(content)["data"]
    assert status == 200 and name.startswith("upload:")
    assert "9 colour pictures" in json.loads(ask(page, "preview", {"data": name})[1])["about"]
    assert "my.zip is not a zip archive" in refusal(page, "upload?name=my.zip", b"no zip at all")
    assert "empty" in refusal(page, "upload", b"")


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("start", {"data": "cats", "preset": "quick"}, "cats"),
        ("start", {"data": "doodles", "preset": "best"}, "best"),
        ("start", {"data": "doodles", "preset": "quick", "overrides": {"batch": "x"}}, "batch"),
        ("start", {"data": "doodles", "preset": "quick", "overrides": {"wings": 2}}, "wings"),
        ("start", {"data": "doodles", "preset": "quick", "overrides": [1]}, "overrides"),
        ("start", {"data": 7, "preset": "quick"}, "data"),
        ("start", [1], ""),
        ("stop", {"run": "../..", "token": ""}, "no run"),
        ("resume", {"run": "nothing", "token": ""}, "no run"),
        ("pause", {"run": "nothing", "token": ""}, "no run"),
        ("sample", {"run": "nothing", "token": ""}, "no run"),
        ("save", {"run": "../..", "token": ""}, "no run"),
        ("leave_queue", {"run": "nothing", "token": ""}, "no run"),
        ("move_in_queue", {"run": "../..", "token": "", "move": "up"}, "no run"),
        ("preview", {"data": "npy:/nothing/here"}, "nothing"),
        ("preview", {"data": "upload:../../etc"}, "upload"),
        ("status?run=../..", None, "no run"),
        ("status?run=x", None, "no run"),
        ("picture?run=../..&nimg=0", None, "no run"),
    ],
)
def test_bad_requests_are_one_sentence(page, path, body, word):
    """Whatever comes from outside is answered by one sentence, starts nothing and leaves no folder behind."""
    before = sorted(page.services.jobs.runs.glob("*"))
    said = refusal(page, path, body)
    assert word in said and "Traceback" not in said and "\n" not in said
    assert sorted(page.services.jobs.runs.glob("*")) == before


def test_strangers_have_limits_and_own_their_runs(public_page, data):
    """On a public page no path is read, sizes are bounded, and only the token's holder stops a run."""
    assert "the server's own files" in refusal(public_page, "preview", {"data": data})
    assert "the server's own files" in refusal(public_page, "start", {"data": data, "preset": "quick"})
    big = {"data": "doodles:64", "preset": "quick", "overrides": {"kimg": 10_000}}
    assert "kimg" in refusal(public_page, "start", big)
    slow = {"data": "doodles:64", "preset": "quick", "overrides": {"kimg": 10, "threads": 64}}
    assert "'threads' cannot be set. You can set: kimg, init, batch, " in refusal(public_page, "start", slow)
    small = {name: TINY[name] for name in ("image_size", "nz", "ngf", "ndf", "batch")} | {"kimg": 150}
    status, content = ask(public_page, "start", {"data": "doodles:64", "preset": "quick", "overrides": small})
    assert status == 200, content
    started = json.loads(content)
    assert "another visitor" in refusal(public_page, "stop", {"run": started["run"], "token": "guess"})
    assert not json.loads(ask(public_page, "status")[1])["mine"]
    assert json.loads(ask(public_page, f"status?token={started['token']}")[1])["mine"]
    assert ask(public_page, "stop", started)[0] == 200
    until(lambda: json.loads(ask(public_page, "status")[1])["state"] == "stopped")


def test_another_sites_page_trains_nothing(page):
    """What a browser says comes from another site's page is refused, however well it is formed."""
    body = json.dumps({"data": "doodles:64", "preset": "quick"}).encode()
    request = urllib.request.Request(f"{page.url}dcgan/train/start", body, {"Sec-Fetch-Site": "cross-site"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=60)
    assert page.services.jobs.running() is None
