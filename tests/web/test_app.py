"""The page's routes and named API, asked over HTTP as a browser or another program would."""

from __future__ import annotations

import io
import json
import threading
import time
import urllib.error
import urllib.request
import zipfile

import av
import gradio_client
import numpy as np
import pytest
import torch
from asking import ask, ask_json, picture
from gradio_client.exceptions import AppError
from live_page import live_page
from PIL import Image

from dcgan.errors import ConfigError, RequestError
from dcgan.images import to_hwc
from dcgan.schema import DimEdit, DirectionEdit, Face, encode_z, parse_face, parse_link_edits, parse_z
from dcgan.web.settings import Settings, read_settings


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("page")) as live:
        yield live


@pytest.fixture(scope="module")
def public_page(tmp_path_factory):
    with live_page(tmp_path_factory.mktemp("public"), public=True) as live:
        yield live


@pytest.fixture(scope="module")
def client(page):
    return gradio_client.Client(page.url, verbose=False)


def drawn(page, model, z):
    return to_hwc(page.services.renderer.render(model, z[None])[0])


# ---- opening the page


def test_open_without_a_link_gives_a_face(page):
    """A bare address opens on the first model and its default face, and names the device."""
    answer = ask_json(page, "open")
    assert answer["models"] == ["first", "second"]
    assert answer["model"]["name"] == "first" and answer["model"]["nz"] == 100
    assert answer["face"] == {"seed": "27", "psi": 1.0, "edits": []}
    assert answer["device"] == page.services.renderer.device_label
    assert answer["problems"] == []


def test_open_does_not_tell_where_data_lay(page):
    """The page says what the training data were called, not in which folder of the machine."""
    _, content = ask(page, "open")
    assert json.loads(content)["model"]["data"] == "tiny-1"
    assert b"secret" not in content


def test_open_follows_a_link(page):
    """Model, seed (up to 2^63 - 1, digit for digit), psi and edits of a link arrive as they were."""
    answer = ask_json(page, "open?model=second&seed=9223372036854775807&psi=0.5&edits=d3:1.5,j0:-2")
    assert answer["model"]["name"] == "second"
    assert answer["face"] == {
        "seed": "9223372036854775807",
        "psi": 0.5,
        "edits": [{"amount": 1.5, "dim": 3}, {"amount": -2.0, "direction": 0}],
    }


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("seed=potato&psi=0.5", {"seed": "27", "psi": 0.5}),
        ("seed=-1", {"seed": "27"}),
        ("seed=99999999999999999999", {"seed": "27"}),
        ("seed=7&psi=nan", {"seed": "7", "psi": 1.0}),
        ("seed=7&psi=17", {"seed": "7", "psi": 1.0}),
        ("seed=7&edits=d100:1", {"seed": "7", "edits": []}),
        ("seed=7&edits=j99:1", {"seed": "7", "edits": []}),
        ("seed=7&edits=d1:500", {"seed": "7", "edits": []}),
        ("seed=7&edits=<script>", {"seed": "7", "edits": []}),
        ("seed=7&model=../../etc/passwd", {"seed": "7"}),
    ],
)
def test_a_bad_part_of_a_link_is_named_and_the_rest_kept(page, query, kept):
    """Each unusable part of a link gives one sentence and its default; the other parts hold."""
    answer = ask_json(page, f"open?{query}")
    assert len(answer["problems"]) == 1 and answer["problems"][0].endswith(".")
    assert "Showing" in answer["problems"][0]
    assert answer["model"]["name"] == "first"
    assert {key: answer["face"][key] for key in kept} == kept


def test_link_edits_are_read_back():
    """The grammar that the page writes is the one that is read."""
    assert parse_link_edits("d17:1.5,j0:-2") == (DimEdit(amount=1.5, dim=17), DirectionEdit(amount=-2.0, direction=0))
    assert parse_link_edits("") == ()
    assert parse_link_edits("s2:1,p7:-0.5") == (
        DirectionEdit(amount=1.0, direction=2, method="sefa"),
        DirectionEdit(amount=-0.5, direction=7, method="pca"),
    )
    (own,) = parse_link_edits(f"v{encode_z([0.6, 0.8])}:2")
    assert own.amount == 2 and encode_z(own.vector) == encode_z([0.6, 0.8])
    for text in (
        "d17",
        "d17:1.5,",
        "x1:1",
        "s:1",
        "v:1",
        "vé1:1",
        "v12",
        "d1:1e9",
        "d1:--1",
        "d1:1;j0:1",
        "d1:1," * 5000,
    ):
        with pytest.raises(RequestError, match="must look like"):
            parse_link_edits(text)


# ---- pictures


@pytest.mark.parametrize("method", ["sefa", "pca"])
def test_other_methods_directions_travel(page, method):
    """A method's direction is asked for by name, in a frame, in a sheet and in a link; its shares are its own."""
    shares = ask_json(page, f"directions?model=first&method={method}")["shares"]
    assert shares == sorted(shares, reverse=True) and len(shares) == 8
    assert shares != ask_json(page, "directions?model=first")["shares"]
    edit = {"direction": 1, "method": method, "amount": 2.0}
    z = (
        page.services.renderer.latent("first", Face(seed=5))
        + 2 * page.services.renderer.directions("first", method).axes[1]
    )
    shown = picture(page, {"model": "first", "seed": 5, "edits": [edit]})
    assert np.array_equal(shown, drawn(page, "first", z))
    assert ask(page, "sheet", {"model": "first", "seed": 5, "variants": [[edit], []]})[0] == 200
    answer = ask_json(page, f"open?model=first&seed=5&edits={method[0]}1:2")
    assert answer["face"]["edits"] == [edit] and answer["problems"] == []


def test_a_vector_of_ones_own_travels(page):
    """A direction that the server never heard of is drawn from its vector, and comes back letter for letter."""
    vector = page.services.renderer.directions("second").axes[0]
    text = encode_z(vector.tolist())
    shown = picture(page, {"model": "first", "seed": 5, "edits": [{"vector": text, "amount": -2}]})
    z = page.services.renderer.latent("first", Face(seed=5)) - 2 * torch.tensor(parse_z(text))
    assert np.array_equal(shown, drawn(page, "first", z))
    answer = ask_json(page, f"open?model=first&seed=5&edits=v{text}:-2")
    assert answer["face"]["edits"] == [{"vector": text, "amount": -2.0}] and answer["problems"] == []
    answer = ask_json(page, f"open?model=first&seed=5&edits=v{encode_z([0.6, 0.8])}:-2")
    assert answer["face"]["edits"] == [] and "another model" in answer["problems"][0]


def test_a_frame_is_the_samplers_picture(page):
    """The PNG of a face is, to the last bit, what the renderer draws for psi · z + edits."""
    edits = [{"dim": 3, "amount": 1.5}, {"direction": 1, "amount": -2}]
    z = page.services.renderer.latent("first", parse_face({"seed": 7, "psi": 0.8, "edits": edits}))
    shown = picture(page, {"model": "first", "seed": "7", "psi": 0.8, "edits": edits})
    assert np.array_equal(shown, drawn(page, "first", z))


def test_a_frame_has_the_wanted_size_and_format(page):
    """JPEG by default; nearest scaling repeats the generator's own pixels."""
    status, content = ask(page, "frame", {"seed": 1, "size": 256})
    assert status == 200 and Image.open(io.BytesIO(content)).format == "JPEG"
    assert Image.open(io.BytesIO(content)).size == (256, 256)
    _, content = ask(page, "frame", {"seed": 1, "size": 128, "resample": "nearest", "format": "png"})
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content)))[::2, ::2], picture(page, {"seed": 1}))


def test_a_path_begins_and_ends_at_its_faces(page):
    """At t = 0 the first face, at t = 1 the last one, or with a loop the first again."""
    faces = [{"seed": 1, "edits": [{"dim": 0, "amount": 2}]}, {"seed": 2, "psi": 0.7}]
    first, last = (picture(page, face) for face in faces)
    assert np.array_equal(picture(page, {"faces": faces, "t": 0}), first)
    assert np.array_equal(picture(page, {"faces": faces, "t": 1}), last)
    assert np.array_equal(picture(page, {"faces": faces, "t": 1, "loop": True}), first)


def test_a_path_keeps_to_its_durations(page):
    """After 1 of 4 seconds a path of 1 and 3 is at its second face, whatever its mode and easing."""
    faces = [{"seed": 1}, {"seed": 2}, {"seed": 3}]
    second = picture(page, faces[1]).astype(int)
    for mode in ("slerp", "lerp", "cubic"):
        body = {"faces": faces, "durations": [1, 3], "mode": mode, "easing": "ease", "t": 0.25}
        assert np.abs(picture(page, body) - second).max() <= 1


def test_a_field_has_its_faces_in_its_corners(page):
    """The corners of a field are its faces, to the pixel; its sheet shows them where they lie."""
    faces = [{"seed": 1}, {"seed": 2, "psi": 0.7}, {"seed": 3}, {"seed": 4}]
    for face, (x, y) in zip(faces, [(0, 0), (1, 0), (0, 1), (1, 1)], strict=True):
        shown = picture(page, {"corners": faces, "x": x, "y": y}).astype(int)
        assert np.abs(shown - picture(page, face)).max() <= 1
    status, content = ask(page, "sheet", {"corners": faces, "side": 3, "cell": 64, "columns": 3})
    sheet = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    assert status == 200 and sheet.shape == (192, 192, 3)
    last = picture(page, faces[3])
    assert np.abs(sheet[128:, 128:] - last).mean() < np.abs(sheet[:64, :64] - last).mean() / 2


def test_a_sheet_holds_its_variants_side_by_side(page):
    """Each cell of a sheet is the face with that cell's edits added; columns break it into rows."""
    body = {"seed": 5, "edits": [{"dim": 1, "amount": 1}], "variants": [[], [{"dim": 2, "amount": 3}], []]}
    status, content = ask(page, "sheet", {**body, "cell": 64, "columns": 2})
    sheet = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    assert status == 200 and sheet.shape == (128, 128, 3)
    edited = picture(page, {"seed": 5, "edits": [{"dim": 1, "amount": 1}, {"dim": 2, "amount": 3}]})
    plain = picture(page, {"seed": 5, "edits": [{"dim": 1, "amount": 1}]})

    def nearer_to_edited(cell):  # a sheet is a JPEG: near, not equal
        return np.abs(cell - edited).mean() < np.abs(cell - plain).mean() / 2

    assert nearer_to_edited(sheet[:64, 64:])
    assert not nearer_to_edited(sheet[:64, :64])
    assert not nearer_to_edited(sheet[64:, :64])


def test_the_latent_is_the_seeds(page):
    """The faders rest on exactly the z that is drawn."""
    z = page.services.renderer.latent("first", Face(seed=11))
    assert ask_json(page, "latent?model=first&seed=11")["z"] == pytest.approx(z.tolist(), abs=1e-4)


def test_the_critic_ranks_a_face_among_the_models_own(page):
    """Probability and place are within 0 … 1, the percentile agrees with the place; without a D there is no opinion."""
    opinions = [ask_json(page, "score", {"model": "first", "seed": seed}) for seed in range(6)]
    for opinion in opinions:
        assert 0 <= opinion["probability"] <= 1 and 0 <= opinion["place"] <= 1 and max(opinion["bins"]) == 1
    by_probability = sorted(opinions, key=lambda opinion: opinion["probability"])
    assert by_probability == sorted(opinions, key=lambda opinion: (opinion["percentile"], opinion["probability"]))
    assert ask_json(page, "score", {"model": "second"}) == {}


# ---- faces that no seed stands for


def test_a_latent_of_its_own_takes_the_seeds_place(page):
    """Given as text or as numbers, z is drawn where the seed's would be: psi and edits act on it, the seed does not."""
    z = page.services.renderer.latent("first", Face(seed=7))
    face = {"model": "first", "psi": 0.8, "edits": [{"dim": 3, "amount": 1.5}]}
    shown = picture(page, {**face, "seed": 1, "z": encode_z(z)})
    assert np.array_equal(shown, picture(page, {**face, "seed": 2, "z": list(parse_z(encode_z(z)))}))
    assert np.abs(shown.astype(int) - picture(page, {**face, "seed": 7})).max() <= 2
    assert not np.array_equal(shown, picture(page, {**face, "seed": 1}))
    ends = [{"seed": 1, "z": encode_z(z)}, {"seed": 2}]
    assert np.array_equal(
        picture(page, {"model": "first", "faces": ends, "t": 0}), picture(page, {"model": "first", "z": encode_z(z)})
    )
    assert ask_json(page, f"latent?model=first&seed=1&z={encode_z(z)}")["z"] == pytest.approx(z.tolist(), abs=2e-3)


def test_a_latent_of_its_own_travels_in_a_link(page):
    """A link's z comes back letter for letter; one of another model's length is explained, and a face shown."""
    text = encode_z(page.services.renderer.latent("first", Face(seed=7)))
    answer = ask_json(page, f"open?model=first&z={text}&psi=0.8")
    assert answer["face"]["z"] == text and answer["face"]["psi"] == 0.8 and answer["problems"] == []
    answer = ask_json(page, f"open?model=first&z={encode_z([0.5] * 7)}")
    assert "z" not in answer["face"] and "another model" in answer["problems"][0]


# ---- what is refused


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("frame", {"seed": -1}),
        ("frame", {"seed": 2**63}),
        ("frame", {"seed": "12x"}),
        ("frame", {"seed": True}),
        ("frame", {"seed": None}),
        ("frame", {"psi": 2.5}),
        ("frame", {"psi": "1"}),
        ("frame", {"edits": "all"}),
        ("frame", {"edits": [{"dim": 100, "amount": 1}]}),
        ("frame", {"edits": [{"dim": 1, "amount": 11}]}),
        ("frame", {"edits": [{"dim": 1, "direction": 1, "amount": 1}]}),
        ("frame", {"z": "AAAA"}),
        ("frame", {"z": [0.0] * 99}),
        ("frame", {"z": [float("nan")] * 100}),
        ("frame", {"z": {}}),
        ("frame", {"size": 100000}),
        ("frame", {"size": 12.5}),
        ("frame", {"format": "tiff"}),
        ("frame", {"format": ["png"]}),
        ("frame", {"resample": "best"}),
        ("frame", {"model": "nobody"}),
        ("frame", {"model": "../first"}),
        ("frame", {"model": 5}),
        ("frame", {"faces": []}),
        ("frame", {"faces": [{"seed": 1}] * 17}),
        ("frame", {"faces": [{"seed": 1}, 5]}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "t": 1.5}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "mode": "fly"}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "loop": "yes"}),
        ("frame", [1, 2]),
        ("frame", b"not json"),
        ("frame", b"[" * 100_000),
        ("frame", b'{"seed": NaN}'),
        ("frame", b'{"psi": Infinity}'),
        ("frame", b" " * 300_000),
        ("sheet", {"variants": []}),
        ("sheet", {"variants": [[]] * 65}),
        ("sheet", {"variants": [5]}),
        ("sheet", {"variants": [[]], "cell": 4096}),
        ("sheet", {"faces": [{"seed": 1}, {"seed": 2}], "moments": 1000}),
        ("score", {"model": "nobody"}),
        ("film", {"faces": [{"seed": 1}]}),
        ("frame", {"corners": [{"seed": 1}, {"seed": 2}], "x": 0, "y": 0}),
        ("frame", {"corners": [{"seed": 1}] * 5}),
        ("frame", {"corners": [{"seed": 1}] * 3, "x": 1.5}),
        ("frame", {"corners": [{"seed": 1}] * 3, "y": "left"}),
        ("sheet", {"corners": [{"seed": 1}] * 3}),
        ("sheet", {"corners": [{"seed": 1}] * 3, "side": 100}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [0]}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [1, 1, 1]}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "easing": "bounce"}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [600]}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [float("nan")]}),
        ("film", {"faces": [{"seed": 1}] * 200}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "grid": 5}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "resample": "best"}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 3600}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 60, "fps": 60}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "format": "exe"}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "size": 4096}),
        ("film", {"faces": [{"seed": 1}, {"seed": 2}], "model": "nobody"}),
        ("film/estimate", {"faces": [{"seed": 1}]}),
        ("film/estimate", {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 600}),
        ("latent?seed=", None),
        ("directions?model=nobody", None),
        ("directions?model=first&method=magic", None),
    ],
)
def test_bad_input_is_answered_with_a_sentence(page, path, body):
    """Whatever cannot be used gets 422 and one readable sentence, never a traceback or a picture."""
    status, content = ask(page, path, body)
    assert status == 422
    answer = json.loads(content)
    assert set(answer) == {"error"}
    assert 10 < len(answer["error"]) < 300 and "Traceback" not in answer["error"]


def test_a_damaged_model_is_a_sentence(page):
    """A model file that is not one is reported by name, without harm to the others."""
    broken = page.services.store.checkpoints / "zbroken"
    broken.mkdir()
    (broken / "generator.safetensors").write_bytes(b"not a model")
    try:
        status, content = ask(page, "frame", {"model": "zbroken"})
        assert status == 422 and "safetensors" in json.loads(content)["error"]
        assert ask(page, "frame", {"model": "first"})[0] == 200
    finally:
        (broken / "generator.safetensors").unlink()
        broken.rmdir()


def test_static_files_end_at_their_folder(page):
    """Scripts are served, what lies beside their folder is not."""
    from dcgan.web.assets import version

    assert b"export" in ask(page, f"static/{version()}/common/session.js")[1]
    assert ask(page, f"static/{version()}/common/%2e%2e/settings.py")[0] == 404
    assert ask(page, "film/%2e%2e%2fsecret.mp4")[0] == 404


# ---- films


def make_film(page, body):
    lines = ask(page, "film", {"faces": [{"seed": 1}, {"seed": 2}, {"seed": 3}], **body})[1].decode().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("fmt", ["mp4", "webm", "gif", "webp", "zip"])
def test_a_film_is_made_and_handed_out(page, fmt):
    """The film has the wanted frames and size; its route serves it, also in ranges as players ask, and as a file."""
    *_, last = make_film(page, {"seconds": 1, "fps": 20, "size": 96, "format": fmt, "loop": True})
    status, content = ask(page, last["film"].removeprefix("dcgan/"))
    assert status == 200 and len(content) == last["bytes"] and last["frames"] == 20
    if fmt == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {Image.open(archive.open(name)).size for name in archive.namelist()}
        assert len(archive.namelist()) == 20 and sizes == {(96, 96)}
    elif fmt == "webp":
        assert (Image.open(io.BytesIO(content)).n_frames, Image.open(io.BytesIO(content)).size) == (20, (96, 96))
    else:
        with av.open(io.BytesIO(content)) as film:
            frames = list(film.decode(video=0))
        assert (len(frames), frames[0].width, frames[0].height) == (20, 96, 96)
    request = urllib.request.Request(page.url + last["film"] + "?download=1", headers={"Range": "bytes=0-99"})
    with urllib.request.urlopen(request) as response:
        assert response.status == 206 and len(response.read()) == 100
        assert "attachment" in response.headers["Content-Disposition"]


@pytest.mark.parametrize("fmt", ["mp4", "webm", "gif", "webp", "zip"])
def test_an_estimate_is_near_the_film(page, fmt):
    """Frames are exact, bytes right to a factor of two, and the time is of the film's order."""
    body = {"faces": [{"seed": 1}, {"seed": 2}, {"seed": 3}], "seconds": 4, "fps": 25, "loop": True, "format": fmt}
    guess = ask_json(page, "film/estimate", body)
    *_, last = make_film(page, body)
    assert guess["frames"] == last["frames"] == 100
    assert last["bytes"] / 2 < guess["bytes"] < last["bytes"] * 2
    assert last["seconds"] / 8 < guess["seconds"] < last["seconds"] * 8
    assert ask_json(page, "film/estimate", {**body, "seconds": 0.1, "fps": 5})["frames"] == 1
    assert ask(page, "film/estimate", {**body, "seconds": 0.1, "fps": 30})[0] == 200


def test_a_grid_of_faces_keeps_their_edits(page):
    """Each film of a grid begins with the same edits on another seed, 1000 further on."""
    face = {"seed": 5, "psi": 0.8, "edits": [{"dim": 3, "amount": 2}]}
    *_, last = make_film(
        page, {"faces": [face, {"seed": 6}], "seconds": 1, "fps": 4, "grid": 2, "size": 128, "format": "zip"}
    )
    _, content = ask(page, last["film"].removeprefix("dcgan/"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        frame = np.asarray(Image.open(archive.open("frame-00001.png")))
    for i, (top, left) in enumerate([(0, 0), (0, 64), (64, 0), (64, 64)]):
        assert np.array_equal(frame[top : top + 64, left : left + 64], picture(page, {**face, "seed": 5 + 1000 * i}))


def test_hanging_up_cancels_a_film(page):
    """When nobody reads the progress any more, the film's thread ends and leaves no file."""
    body = {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 60, "fps": 30, "size": 1024}
    request = urllib.request.Request(f"{page.url}dcgan/film", json.dumps(body).encode())
    with urllib.request.urlopen(request) as response:
        first = json.loads(response.readline())
        assert first["total"] == 1800
        assert any(thread.name == "film" for thread in threading.enumerate())
    deadline = time.monotonic() + 30
    while any(thread.name == "film" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "the film went on after its reader had gone"
        time.sleep(0.1)


def test_a_public_page_makes_shorter_films(public_page):
    """Where strangers share the machine the limits are smaller, and the sentence says what is allowed."""
    body = {"faces": [{"seed": 1}, {"seed": 2}], "seconds": 30, "fps": 30}
    status, content = ask(public_page, "film", body)
    assert status == 422 and "600 frames" in json.loads(content)["error"]


# ---- named API


def test_api_lists_models(client):
    """/models gives the names that the other endpoints take."""
    assert client.predict(api_name="/models") == ["first", "second"]


def test_api_generates_a_file(page, client):
    """/generate returns a PNG of the face, equal to the page's own."""
    edits = [{"dim": 3, "amount": 1.5}]
    path = client.predict(seed=7, psi=0.8, edits=edits, model="first", size=64, api_name="/generate")
    image = np.asarray(Image.open(path))
    assert np.array_equal(image, picture(page, {"model": "first", "seed": 7, "psi": 0.8, "edits": edits}))


def test_api_interpolates_to_a_file(client):
    """/interpolate returns a film of the wanted length and size, also when called as it was at first, by position."""
    path = client.predict(seeds=[1, 2], seconds=0.5, fps=20, size=64, format="mp4", api_name="/interpolate")
    with av.open(path) as film:
        frames = list(film.decode(video=0))
    assert (len(frames), frames[0].width) == (10, 64)
    path = client.predict([1, 2, 3], "slerp", 1, 8, 64, True, "webp", "first", api_name="/interpolate")
    assert Image.open(path).n_frames == 8


def test_api_interpolates_with_durations_easing_and_a_grid(page, client):
    """The newer arguments do what they say; a face may stand in place of a seed."""
    face = {"seed": 2, "psi": 0.5, "edits": [{"dim": 0, "amount": 2}]}
    way = {"seeds": [1, face, 3], "durations": [1, 2], "mode": "cubic", "easing": "ease", "fps": 4}
    path = client.predict(**way, size=64, format="zip", model="first", api_name="/interpolate")
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == 12
        ends = [np.asarray(Image.open(archive.open(archive.namelist()[i]))) for i in (0, -1)]
    for end, seed in zip(ends, (1, 3), strict=True):
        assert np.array_equal(end, picture(page, {"model": "first", "seed": seed}))
    path = client.predict(**way, size=128, grid=2, format="webm", api_name="/interpolate")
    with av.open(path) as film:
        frames, codec = list(film.decode(video=0)), film.streams.video[0].codec_context.name
    assert (len(frames), frames[0].width, codec) == (12, 128, "vp9")


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("/generate", {"seed": -1}, "seed"),
        ("/generate", {"model": "nobody"}, "There is no model 'nobody'"),
        ("/generate", {"edits": [{"dim": 1}]}, "amount"),
        ("/generate", {"z": "AAAA"}, "damaged"),
        ("/interpolate", {"seeds": [1]}, "faces must be"),
        ("/interpolate", {"seeds": "all"}, "faces must be"),
        ("/interpolate", {"seeds": [1] * 200}, "2 to 16"),
        ("/interpolate", {"seeds": [1, 2], "durations": [-1]}, "duration"),
        ("/interpolate", {"seeds": [1, 2], "seconds": 600}, "0.1 to 60"),
        ("/interpolate", {"seeds": [1, 2], "mode": "fly"}, "slerp, lerp, cubic"),
        ("/interpolate", {"seeds": [1, 2], "format": "avi"}, "mp4, webm, gif, webp, zip"),
        ("/interpolate", {"seeds": [1, 2], "size": 5000}, "64 to 1024"),
    ],
)
def test_api_errors_are_sentences(client, name, arguments, words):
    """A caller of the API reads the same sentence as a visitor of the page."""
    with pytest.raises(AppError, match=words):
        client.predict(**arguments, api_name=name)


# ---- settings


def test_settings_take_flags_before_environment(tmp_path):
    """Environment gives defaults, flags override, a Space is public and listens to the outside."""
    environment = {"DCGAN_CHECKPOINTS": str(tmp_path), "DCGAN_RUNS": "/r", "GRADIO_SERVER_PORT": "8123"}
    settings = read_settings(["--runs", "/other", "--host", "::1"], environment)
    assert (settings.checkpoints, str(settings.runs), settings.host, settings.port) == (tmp_path, "/other", "::1", 8123)
    assert not settings.public
    space = read_settings([], {"SYSTEM": "spaces"})
    assert space.public and space.host == "0.0.0.0"
    assert space.film_frames < Settings().film_frames
    with pytest.raises(ConfigError, match="GRADIO_SERVER_PORT"):
        read_settings([], {"GRADIO_SERVER_PORT": "eighty"})


def test_pictures_do_not_depend_on_who_else_asks(page):
    """Twelve visitors at once each get their own face, as if they were alone."""
    alone = [picture(page, {"seed": seed}) for seed in range(12)]
    together: dict[int, np.ndarray] = {}
    threads = [
        threading.Thread(target=lambda s=seed: together.__setitem__(s, picture(page, {"seed": s})))
        for seed in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(alone[seed], together[seed]) for seed in range(12))
    assert not np.array_equal(alone[0], alone[1])
