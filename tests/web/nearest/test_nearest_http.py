"""The nearest training pictures over HTTP: the page's routes and the named API."""

from __future__ import annotations

import urllib.error
import urllib.request

import numpy as np
import pytest
from asking import ask, ask_json, data_url_pixels, picture
from gradio_client.exceptions import AppError
from live_page import live_page, save_model
from trained_here import COPIED, MODEL, PLACE, save_run, smooth
from waiting import wait_until

from dcgan.schema import Face
from dcgan.web.nearest.locate import locate_training_data
from dcgan.web.settings import Settings


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page of one's own machine, with a run whose training pictures are there."""
    folder = tmp_path_factory.mktemp("page")
    save_run(folder)
    with live_page(folder) as live:
        yield live


def index_states(page, model):
    """Start making an index, and return the states until it is made or has failed."""
    states = [ask_json(page, "nearest/make", {"model": model})]

    def is_over():
        if states[-1]["state"] == "indexing":
            states.append(ask_json(page, "nearest", {"model": model}))
        return states[-1]["state"] != "indexing"

    wait_until(is_over, seconds=180, interval=0.2)
    return states


def test_an_index_of_a_run_is_made_on_request(page, client):
    """The index is made in the background and saved in the run's folder; then a copy is recognised and shown."""
    assert ask_json(page, f"open?model={MODEL}")["model"]["nearest"]["state"] == "available"
    assert ask_json(page, "nearest", {"model": MODEL})["state"] == "available"
    with pytest.raises(AppError, match="python -m dcgan index"):
        client.predict(COPIED, model=MODEL, api_name="/nearest")
    *states, last = index_states(page, MODEL)
    assert all(state["doing"] and 0 <= state["progress"] <= 1 for state in states)
    assert last["state"] == "ready" and last["count"] == 150
    assert (page.services.settings.runs / "tiny" / "nearest.safetensors").is_file()
    copy = ask_json(page, "nearest", {"model": MODEL, "seed": COPIED, "show": True})
    assert copy["distance"] < 0.01 and copy["closer"] == 0 and "copy" in copy["words"]
    assert copy["usual"][0] < copy["usual"][1] and copy["own"][0] <= copy["own"][1]
    assert np.array_equal(data_url_pixels(copy["sheet"])[:, :64], picture(page, {"model": MODEL, "seed": COPIED}))
    other = ask_json(page, "nearest", {"model": MODEL, "seed": COPIED + 1})
    assert other["distance"] > 0.1 and "sheet" not in other
    off = [[0, unit] for unit in range(64)]
    assert ask_json(page, "nearest", {"model": MODEL, "seed": COPIED, "off": off})["distance"] > 0.1
    assert client.predict(COPIED, model=MODEL, api_name="/nearest") == {
        key: copy[key] for key in ("distance", "closer", "usual", "own", "words")
    }
    assert ask_json(page, f"open?model={MODEL}")["model"]["nearest"] == {
        **{"state": "ready", "pictures": True},
        **{"doing": "", "progress": 0, "error": ""},
    }


def test_pictures_of_another_data_set_are_not_shown(page):
    """Where other pictures have taken the training pictures' place, words remain and no picture is shown."""
    index_states(page, MODEL)
    (data,) = page.services.settings.runs.parent.glob("secret/pictures")
    train = data / "train.npy"
    own = train.read_bytes()
    try:
        np.save(train, smooth(150, 9).permute(0, 2, 3, 1).numpy())
        page.services.nearest._datasets.get("dataset", "forget", lambda: None)
        answer = ask_json(page, "nearest", {"model": MODEL, "seed": COPIED, "show": True})
        assert answer["distance"] < 0.01 and "sheet" not in answer
    finally:
        train.write_bytes(own)
        page.services.nearest._datasets.get("dataset", "forget again", lambda: None)
    assert PLACE in page.services.nearest.find(MODEL, page.services.renderer.render(MODEL, z_of(page, COPIED))[0])[1]


def z_of(page, seed):
    return page.services.renderer.latent(MODEL, Face(seed=seed))[None]


def test_a_model_without_known_training_pictures_is_not_compared(page):
    """A checkpoint whose training pictures are not on this machine is not compared, and no index can be made."""
    assert ask_json(page, "nearest", {"model": "first"})["state"] == "unavailable"
    status, content = ask(page, "nearest/make", {"model": "first"})
    assert status == 422 and b"not available" in content and b"secret" not in content
    assert ask(page, "nearest", {"model": "nobody"})[0] == 422
    assert ask(page, "nearest", {"model": MODEL, "show": "yes"})[0] == 422
    request = urllib.request.Request(f"{page.url}dcgan/nearest/make", b"{}", {"Sec-Fetch-Site": "cross-site"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403


def test_a_failed_index_is_explained_and_can_be_tried_again(page):
    """A data set with too few pictures is named in the error, and another attempt is allowed."""
    run = page.services.settings.runs / "few"
    data = page.services.settings.runs.parent / "few"
    data.mkdir()
    np.save(data / "train.npy", smooth(12, 0).permute(0, 2, 3, 1).numpy())
    save_model(run / "snapshots", seed=4, critic=False, data=f"npy:{data}")
    (run / "snapshots" / "generator.safetensors").rename(run / "snapshots" / "000000100.safetensors")
    last = index_states(page, "run:few")[-1]
    assert last["state"] == "available" and "take more pictures" in last["error"] and "Traceback" not in last["error"]
    assert ask_json(page, "nearest/make", {"model": "run:few"})["state"] == "indexing"


def test_training_data_are_located_only_where_visitors_may_see_them(tmp_path):
    """Doodles always; a run's where it found them; by name a checkpoint's; no run's where others are."""
    (tmp_path / "faces").mkdir()
    here, named = Settings(), Settings(data=tmp_path)
    class_room = Settings(data=tmp_path, host="0.0.0.0")
    public = Settings(data=tmp_path, public=True)
    path = f"npy:{tmp_path / 'faces'}"
    for settings in (here, named, class_room, public):
        assert locate_training_data("faces", "doodles:100?seed=2", settings) == "doodles:100?seed=2"
        assert locate_training_data("faces", "", settings) is None
        assert locate_training_data("faces", "torchvision:CIFAR10", settings) is None
        assert locate_training_data("run:a", "torchvision:CIFAR10", settings) == "torchvision:CIFAR10"
    assert locate_training_data("run:a", path, here) == locate_training_data("best:a", path, named) == path
    assert locate_training_data("run:a", "npy:/nowhere/faces", here) is None
    assert locate_training_data("faces", path, here) is None
    assert locate_training_data("faces", "npy:/elsewhere/faces?split=train", named) == f"{path}?split=train"
    for spec in ("npy:/elsewhere/houses", "npy:..", "npy:/", "npy:faces/.."):
        assert locate_training_data("faces", spec, named) is None
    assert locate_training_data("run:a", path, class_room) is None  # its owner's alone
    assert locate_training_data("faces", path, class_room) == path  # the server's owner shows them
    assert locate_training_data("run:a", path, public) is None and locate_training_data("faces", path, public) is None
