"""Single pictures over HTTP: of a face, of a moment of a path, of a place in a field."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest
from asking import ask, ask_json, picture, rendered
from PIL import Image

from dcgan.schema import Face, encode_z, parse_face, parse_z


def test_a_frame_is_the_renderers_picture(page):
    """The PNG of a face equals, bit for bit, what the renderer draws for psi · z + edits."""
    edits = [{"dim": 3, "amount": 1.5}, {"direction": 1, "amount": -2}]
    z = page.services.renderer.latent("first", parse_face({"seed": 7, "psi": 0.8, "edits": edits}))
    shown = picture(page, {"model": "first", "seed": "7", "psi": 0.8, "edits": edits})
    assert np.array_equal(shown, rendered(page, "first", z))


def test_a_frame_has_the_wanted_size_and_format(page):
    """The default is a JPEG; scaling by nearest repeats the generator's own pixels."""
    status, content = ask(page, "frame", {"seed": 1, "size": 256})
    assert status == 200 and Image.open(io.BytesIO(content)).format == "JPEG"
    assert Image.open(io.BytesIO(content)).size == (256, 256)
    _, content = ask(page, "frame", {"seed": 1, "size": 128, "resample": "nearest", "format": "png"})
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content)))[::2, ::2], picture(page, {"seed": 1}))


def test_a_path_begins_and_ends_at_its_faces(page):
    """A path is the first face at t = 0 and the last at t = 1; a closed path is the first again."""
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


def test_a_given_latent_replaces_the_seed(page):
    """A z given as text or as numbers is drawn with psi and edits, whatever the seed; paths and latents take it too."""
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


def test_pictures_do_not_depend_on_other_visitors(page):
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
