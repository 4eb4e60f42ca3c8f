"""The list of runs through its routes and named endpoints."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile

import gradio_client
import numpy as np
import pytest
import torch
from asking import ask, ask_json, picture, refusal
from live_page import live_page
from PIL import Image
from run_folders import grid_of, write_run

from dcgan.jobs.owners import give_token
from dcgan.jobs.run_names import write_name


@pytest.fixture
def own(tmp_path):
    """A page of one's own machine with the runs "a" and "b"."""
    write_run(tmp_path / "runs", "a")
    write_run(tmp_path / "runs", "b", batch=16, scores=False)
    with live_page(tmp_path) as live:
        yield live


@pytest.fixture(scope="module")
def fixed(tmp_path_factory):
    """The same page for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("fixed")
    write_run(folder / "runs", "a")
    with live_page(folder) as live:
        yield live


@pytest.fixture
def shared(tmp_path):
    """A public page with the run "a" of private pictures; its owner's token is `live.token`."""
    run = write_run(tmp_path / "runs", "a", lr_g=3e-4)
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps({**config, "data": "folder:/secret/place"}))
    status = json.loads((run / "status.json").read_text())
    (run / "status.json").write_text(json.dumps({**status, "data": "folder:/secret/place"}))
    write_name(run, "Anna's photos")
    write_run(tmp_path / "runs", "b")
    with live_page(tmp_path, public=True) as live:
        yield live, give_token(run)


def rows(page, **tokens):
    return {row["run"]: row for row in ask_json(page, "runs", {"tokens": tokens})["runs"]}


def test_runs_are_listed_renamed_deleted_and_restored(own):
    """Each change shows in the next list; a deleted run is gone from the models, too, until it is restored."""
    listed = rows(own)
    assert set(listed) == {"a", "b"}
    a = listed["a"]
    assert (a["kid"], a["best"], a["nimg"], a["total"], a["grid"]) == (20.0, 2000, 4000, 4000, 4000)
    assert (a["data"], a["preset"], a["mine"], a["alive"], a["name"]) == ("doodles:64", "quick", True, False, "")
    assert a["size"] > 10_000 and listed["b"]["kid"] is None

    ask_json(own, "runs/rename", {"run": "a", "name": " with hats "})
    assert rows(own)["a"]["name"] == "with hats"
    ask_json(own, "runs/delete", {"run": "a"})
    assert set(rows(own)) == {"b"} and "run:a" not in own.services.store.names()
    assert "no run" in refusal(own, "train/status?run=a")
    ask_json(own, "runs/restore", {"run": "a"})
    assert rows(own)["a"]["name"] == "with hats" and "run:a" in own.services.store.names()


def test_a_thumbnail_is_the_first_four_faces_of_a_grid(fixed):
    """The colours of the JPEG are those of the grid's top left corner."""
    status, content = ask(fixed, "runs/thumbnail?run=a&nimg=4000")
    assert status == 200
    small = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=int)
    grid = np.asarray(Image.open(io.BytesIO(grid_of(4000))).convert("RGB"), dtype=int)
    assert small.shape == (66, 66, 3)
    assert np.abs(small - grid[2:68, 2:68])[[[10], [50]], [10, 50]].max() < 12
    for query in ("run=a&nimg=4001", "run=a&nimg=x", "run=a", "run=a&nimg=%C2%B2", "run=..&nimg=0"):
        refusal(fixed, f"runs/thumbnail?{query}")


def test_two_runs_are_compared(own):
    """Curves and grids of both, the settings that differ, and whether their faces have the same latents."""
    told = ask_json(own, "runs/compare", {"first": "a", "second": "b"})
    assert [run["run"] for run in told["runs"]] == ["a", "b"]
    assert all(len(run["curve"]) == 8 and run["samples"] == [0, 2000, 4000] for run in told["runs"])
    assert [len(run["scores"]) for run in told["runs"]] == [2, 0]
    assert told["differences"] == [{"setting": "batch", "first": 8, "second": 16}] and told["same_latents"]
    (own.services.jobs.runs / "b" / "config.json").write_text("{")
    told = ask_json(own, "runs/compare", {"first": "a", "second": "b"})
    assert told["differences"] is None and not told["same_latents"]


def test_every_kept_moment_of_a_run_is_a_model(fixed):
    """run:a@2000 draws other pictures than the newest, is scored by its own D, and opens from a link."""
    early, newest = (picture(fixed, {"model": model, "seed": 1, "size": 32}) for model in ("run:a@2000", "run:a"))
    assert (early != newest).any()
    assert (newest == picture(fixed, {"model": "run:a@4000", "seed": 1, "size": 32})).all()
    told = ask_json(fixed, "open?model=run:a@2000")
    assert told["model"]["name"] == "run:a@2000" and told["problems"] == []
    assert ask_json(fixed, "train/status?run=a")["snapshots"] == [2000, 4000]
    assert "keeps those after: 2000, 4000" in refusal(fixed, "frame", {"model": "run:a@5", "seed": 1})


def test_the_settings_of_a_run_fill_the_form_of_a_new_one(fixed):
    """What differs from the preset is told as the form's fields and others; data that is gone is not."""
    run = write_run(fixed.services.jobs.runs, "c", batch=12, augment="cutout", r2_gamma=2.0, log_every=77)
    told = ask_json(fixed, "runs/settings", {"run": "c"})
    assert (told["data"], told["preset"], told["kimg"]) == ("doodles:64", "quick", 4)
    assert told["values"] == {"batch": 12, "augment": "cutout", "image_size": 32, "nz": 6, "ngf": 4, "ndf": 4}
    assert told["others"] == {"r2_gamma": 2.0}
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps({**config, "data": "folder:/gone/away", "kimg": 0.0}))
    told = ask_json(fixed, "runs/settings", {"run": "c"})
    assert told["data"] == "" and told["kimg"] == 4, "a folder that is gone; the length in pictures, as it was"
    refusal(fixed, "runs/settings", {"run": "none"})
    (run / "config.json").write_text("{")
    assert refusal(fixed, "runs/settings", {"run": "c"}) == "The settings of the run c cannot be read; start a new run."
    fixed.services.jobs.delete("c", "")


def test_a_moment_of_a_run_is_taken_home(fixed):
    """As a zip, as state dicts for the tutorial, and as a page, by the route and by the named endpoint."""
    names = {}
    for form in ("html", "zip", "pt"):
        path = f"take_home?model=run:a@2000&form={form}"
        with urllib.request.urlopen(f"{fixed.url}dcgan/{path}") as response:
            names[form] = response.headers["Content-Disposition"], response.read()
        assert names[form][0] == f'attachment; filename="run-a-2000.{form}"'
    with zipfile.ZipFile(io.BytesIO(names["zip"][1])) as file:
        assert f"{file.namelist()[0]}" == "run-a-2000/README.md"
    content = torch.load(io.BytesIO(names["pt"][1]), weights_only=True)
    assert content.keys() == {"G_model_state_dict", "D_model_state_dict"}
    assert b"<!doctype html>" in names["html"][1][:100].lower()
    client = gradio_client.Client(fixed.url, verbose=False)
    with zipfile.ZipFile(client.predict("run:a@2000", "zip", api_name="/take_home")) as file:
        assert "run-a-2000/discriminator.safetensors" in file.namelist()
    assert "form must be one of html, zip, pt" in refusal(fixed, "take_home?model=first&form=exe")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("runs", {"tokens": 5}),
        ("runs", {"tokens": {"a": 5}}),
        ("runs", {"tokens": {str(number): "" for number in range(101)}}),
        ("runs/rename", {"run": "a", "name": "x" * 61}),
        ("runs/rename", {"run": "a", "name": ["x"]}),
        ("runs/rename", {"name": "x"}),
        ("runs/delete", {}),
        ("runs/delete", {"run": "../a"}),
        ("runs/restore", {"run": "a"}),
        ("runs/restore", {}),
        ("runs/compare", {"first": "a", "second": "a"}),
        ("runs/compare", {"first": "a"}),
        ("runs/compare", {"first": "a", "second": "none"}),
    ],
)
def test_a_bad_request_is_one_sentence_and_changes_nothing(fixed, path, body):
    """Wrong types, unknown runs and missing ids are refused."""
    before = rows(fixed)
    refusal(fixed, path, body)
    assert rows(fixed) == before


def test_on_a_public_page_a_run_is_its_owners(shared):
    """Others see neither name, nor data, nor all settings, and change nothing; the owner's token opens all of it."""
    page, token = shared
    assert (rows(page)["a"]["name"], rows(page)["a"]["data"], rows(page)["a"]["mine"]) == (
        "",
        "a visitor's own pictures",
        False,
    )
    for path in ("rename", "delete"):
        assert "another visitor" in refusal(page, f"runs/{path}", {"run": "a", "token": "guess", "name": "x"})
    told = ask_json(page, "runs/compare", {"first": "a", "second": "b", "tokens": {"a": "guess"}})
    assert "secret" not in json.dumps(told) and "Anna" not in json.dumps(told)
    assert [one["setting"] for one in told["differences"]] == ["data"]

    told = ask_json(page, "runs/settings", {"run": "a", "token": "guess"})
    assert (told["data"], told["values"], told["others"]) == ("", {}, {})

    assert "lr_g" in ask_json(page, "runs/settings", {"run": "a", "token": token})["values"]
    mine = rows(page, a=token)["a"]
    assert (mine["name"], mine["data"], mine["mine"]) == ("Anna's photos", "place", True)
    ask_json(page, "runs/delete", {"run": "a", "token": token})
    assert "another visitor" in refusal(page, "runs/restore", {"run": "a", "token": "guess"})
    ask_json(page, "runs/restore", {"run": "a", "token": token})
    assert set(rows(page)) == {"a", "b"}


def test_the_owner_of_both_runs_sees_all_settings_that_differ(shared):
    """With the tokens of both, the comparison names the learning rate, and the data without their folder."""
    page, token = shared
    other = page.services.jobs.runs / "b"
    told = ask_json(page, "runs/compare", {"first": "a", "second": "b", "tokens": {"a": token, "b": give_token(other)}})
    found = {one["setting"]: one["first"] for one in told["differences"]}
    assert found == {"data": "place", "lr_g": 3e-4}


def test_the_named_endpoints_do_what_the_routes_do(own):
    """List, rename, delete, restore and compare by gradio_client."""
    client = gradio_client.Client(own.url, verbose=False)
    assert {row["run"] for row in client.predict(api_name="/runs")} == {"a", "b"}
    assert client.predict("a", "with hats", api_name="/rename_run") == {"run": "a", "name": "with hats"}
    assert client.predict("a", "b", api_name="/compare_runs")["runs"][0]["name"] == "with hats"
    client.predict("a", api_name="/delete_run")
    assert {row["run"] for row in client.predict(api_name="/runs")} == {"b"}
    client.predict("a", api_name="/restore_run")
    assert {row["run"] for row in client.predict(api_name="/runs")} == {"a", "b"}
    with pytest.raises(Exception, match="two different runs"):
        client.predict("a", "a", api_name="/compare_runs")
