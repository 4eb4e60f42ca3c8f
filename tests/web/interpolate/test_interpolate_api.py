"""The Interpolate tab's named endpoints."""

from __future__ import annotations

import zipfile

import av
import numpy as np
import pytest
from asking import picture
from gradio_client.exceptions import AppError
from PIL import Image


def test_api_interpolates_to_a_file(client):
    """/interpolate returns a film of the given length and size, with named and with positional arguments."""
    path = client.predict(seeds=[1, 2], seconds=0.5, fps=20, size=64, format="mp4", api_name="/interpolate")
    with av.open(path) as film:
        frames = list(film.decode(video=0))
    assert (len(frames), frames[0].width) == (10, 64)
    path = client.predict([1, 2, 3], "slerp", 1, 8, 64, True, "webp", "first", api_name="/interpolate")
    assert Image.open(path).n_frames == 8


def test_api_interpolates_with_durations_easing_and_a_grid(page, client):
    """Durations set the number of frames, a face may replace a seed, a grid is as large as asked, WebM is VP9."""
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
    """A call that cannot be answered raises an error with a sentence that names what was wrong."""
    with pytest.raises(AppError, match=words):
        client.predict(**arguments, api_name=name)
