"""Inside the generator, and nearest training pictures, over HTTP: the page's routes and the named API."""

from __future__ import annotations

import base64
import io
import time
import urllib.error
import urllib.request

import gradio_client
import numpy as np
import pytest
from asking import ask, ask_json, picture
from gradio_client.exceptions import AppError
from live_page import live_page, save_model
from PIL import Image
from trained_here import COPIED, MODEL, PLACE, save_run, smooth

from dcgan.schema import Face
from dcgan.web.nearest.locate import locate_training_data
from dcgan.web.settings import Settings

FACE = {"model": "first", "seed": 7, "psi": 0.8, "edits": [{"dim": 3, "amount": 1.5}]}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    save_run(folder)
    with live_page(folder) as live:
        yield live


@pytest.fixture(scope="module")
def client(page):
    return gradio_client.Client(page.url, verbose=False)


def image(url):
    assert url.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")).astype(int)


# ---- layers


def test_layers_have_sheets_of_their_own_size(page):
    """Each layer comes with its strongest units and a sheet of their maps; with all on, nothing is changed."""
    answer = ask_json(page, "layers", FACE)
    assert [(layer["side"], layer["channels"], len(layer["units"])) for layer in answer["layers"]] == [
        (4, 64, 16),
        (8, 32, 16),
        (16, 16, 16),
        (32, 8, 8),
    ]
    for layer in answer["layers"]:
        sheet = image(layer["sheet"])
        assert sheet.shape == (layer["side"], layer["side"] * len(layer["units"]), 3)
        assert sheet.max() - sheet.min() > 100
    output = image(answer["output"])
    assert np.array_equal(output[:, :64], picture(page, FACE)) and output[:, 128:].max() == 0
    assert (answer["change"], answer["share"]) == (0, 0)


def test_units_that_are_off_change_picture_score_and_sheet(page):
    """A frame without units is the layers' output, differs by what is said, and is what critic and strips see."""
    whole, strongest = picture(page, FACE), ask_json(page, "layers", FACE)["layers"][1]["units"][:3]
    face = {**FACE, "off": [[1, unit] for unit in strongest]}
    shown, answer = picture(page, face), ask_json(page, "layers", face)
    output = image(answer["output"])
    assert np.array_equal(output[:, :64], shown) and np.array_equal(output[:, 64:128], whole)
    assert not np.array_equal(shown, whole)
    change = np.sqrt((((shown - whole.astype(float)) / 127.5) ** 2).mean())
    assert answer["change"] == pytest.approx(change, abs=0.005)
    assert ask_json(page, "score", face)["probability"] != ask_json(page, "score", FACE)["probability"]
    sheets = [ask(page, "sheet", {**body, "variants": [[]], "cell": 64})[1] for body in (face, FACE)]
    cell, plain = (np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB")).astype(int) for sheet in sheets)
    assert np.abs(cell - shown).mean() < np.abs(plain - shown).mean() / 2
    assert np.array_equal(picture(page, FACE), whole)


def test_units_that_are_off_travel_in_a_link(page):
    """A link's `off` comes back as it was; one that cannot be used is explained and left out."""
    assert ask_json(page, "open?model=first&seed=7&off=1.20,0.3")["face"]["off"] == [[0, 3], [1, 20]]
    for text in ("all", "1", "1.2,", "9.1", "0.64", "0.1," * 5000):
        answer = ask_json(page, f"open?model=first&seed=7&off={text}")
        assert len(answer["problems"]) == 1 and "all units on" in answer["problems"][0]
        assert "off" not in answer["face"] and answer["face"]["seed"] == "7"


@pytest.mark.parametrize(
    "off", ["all", 5, [5], [[0]], [[0, 1, 2]], [[0, -1]], [[0, 64]], [[4, 0]], [[0, 0.5]], [["0", 1]], [[0, 1]] * 513]
)
@pytest.mark.parametrize("path", ["frame", "layers"])
def test_bad_units_are_answered_with_a_sentence(page, path, off):
    """Units that are none, or are not the model's, get 422 and one sentence."""
    status, content = ask(page, path, {"model": "first", "off": off})
    assert status == 422 and b"error" in content and b"Traceback" not in content and len(content) < 300


def test_the_api_gives_activations(page, client):
    """/layers gives the page's units with their maps as numbers; /generate draws without the units it is told."""
    shown = ask_json(page, "layers", FACE)["layers"]
    layers = client.predict(7, 0.8, FACE["edits"], "first", count=4, api_name="/layers")
    assert [layer["units"] for layer in layers] == [layer["units"][:4] for layer in shown]
    for layer in layers:
        maps = np.array(layer["maps"])
        assert maps.shape == (4, layer["side"], layer["side"]) and maps.min() >= 0
        assert maps.mean(axis=(1, 2)) == pytest.approx(layer["means"], abs=1e-3)
    off = [[layer["layer"], layer["units"][0]] for layer in layers]
    path = client.predict(7, 0.8, FACE["edits"], "first", 64, off=off, api_name="/generate")
    assert np.array_equal(np.asarray(Image.open(path)), picture(page, {**FACE, "off": off}))
    with pytest.raises(AppError, match="count must be"):
        client.predict(7, count=1000, api_name="/layers")


# ---- nearest training pictures


def made(page, model):
    """Has the index made, and waits until it is; returns what was told on the way."""
    states = [ask_json(page, "nearest/make", {"model": model})]
    deadline = time.monotonic() + 180
    while states[-1]["state"] == "indexing":
        assert time.monotonic() < deadline, states[-1]
        time.sleep(0.2)
        states.append(ask_json(page, "nearest", {"model": model}))
    return states


def test_an_index_of_a_run_is_made_on_request(page, client):
    """The index is made in the background and saved in the run's folder; then a copy is recognised and shown."""
    assert ask_json(page, f"open?model={MODEL}")["model"]["nearest"]["state"] == "available"
    assert ask_json(page, "nearest", {"model": MODEL})["state"] == "available"
    with pytest.raises(AppError, match="python -m dcgan index"):
        client.predict(COPIED, model=MODEL, api_name="/nearest")
    *states, last = made(page, MODEL)
    assert all(state["doing"] and 0 <= state["progress"] <= 1 for state in states)
    assert last["state"] == "ready" and last["count"] == 150
    assert (page.services.settings.runs / "tiny" / "nearest.safetensors").is_file()
    copy = ask_json(page, "nearest", {"model": MODEL, "seed": COPIED, "show": True})
    assert copy["distance"] < 0.01 and copy["closer"] == 0 and "copy" in copy["words"]
    assert copy["usual"][0] < copy["usual"][1] and copy["own"][0] <= copy["own"][1]
    assert np.array_equal(image(copy["sheet"])[:, :64], picture(page, {"model": MODEL, "seed": COPIED}))
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
    made(page, MODEL)
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
    last = made(page, "run:few")[-1]
    assert last["state"] == "available" and "take more pictures" in last["error"] and "Traceback" not in last["error"]
    assert ask_json(page, "nearest/make", {"model": "run:few"})["state"] == "indexing"


def test_training_data_are_located_only_where_visitors_may_see_them(tmp_path):
    """Doodles always; a run's where it found them; a checkpoint's by name only; and no path where strangers are."""
    (tmp_path / "faces").mkdir()
    here, named = Settings(), Settings(data=tmp_path)
    public = Settings(data=tmp_path, public=True)
    path = f"npy:{tmp_path / 'faces'}"
    for settings in (here, named, public):
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
    assert locate_training_data("run:a", path, public) is None and locate_training_data("faces", path, public) is None
