"""A run's time-lapse over HTTP and as a named endpoint: made, handed out, refused."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path

import gradio_client
import pytest
from asking import ask, refusal
from decoding import decode
from live_page import live_page

from dcgan.engine.timelapse import FACE_SIZE, HOLD

RUN = Path(__file__).resolve().parents[2] / "fixtures" / "run_v1"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with one run, of two grids."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(RUN, folder / "runs" / "old")
    with live_page(folder) as live:
        yield live


@pytest.mark.parametrize(("fmt", "face", "side"), [("mp4", None, 274), ("gif", 12, FACE_SIZE), ("webp", 63, FACE_SIZE)])
def test_a_timelapse_is_made_with_progress_and_handed_out(page, tmp_path, fmt, face, side):
    """The lines count frames; the last one names the film, which has them all and is saved under the run's name."""
    status, content = ask(page, "train/timelapse", {"run": "old", "face": face, "format": fmt})
    *lines, last = (json.loads(line) for line in content.splitlines())
    assert status == 200 and last["frames"] == 2 + HOLD
    assert lines and all(line["total"] == 2 + HOLD for line in lines if "total" in line)
    assert last["name"] == ("old-timelapse.mp4" if face is None else f"old-face{face}-timelapse.{fmt}")
    with urllib.request.urlopen(f"{page.url}{last['film']}?download={last['name']}") as answer:
        assert last["name"] in answer.headers["Content-Disposition"]
        (tmp_path / last["name"]).write_bytes(answer.read())
    frames = decode(fmt, tmp_path / last["name"])
    assert frames[0].shape == (side, side, 3)
    assert fmt == "webp" or len(frames) == 2 + HOLD  # WebP joins equal frames


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"run": "gone"}, "no run 'gone'"),
        ({"run": "old", "face": 64}, "0 to 63"),
        ({"run": "old", "face": "3"}, "whole number from 0 to 63"),
        ({"run": "old", "face": True}, "whole number from 0 to 63"),
        ({"run": "old", "format": "avi"}, "mp4"),
    ],
)
def test_what_cannot_be_filmed_is_refused(page, body, said):
    """A run, face or format that is not there is a sentence, before a film is begun."""
    assert said in refusal(page, "train/timelapse", body)
    assert ask(page, "train/timelapse/%2e%2e%2fsecret.mp4")[0] == 404


def test_the_endpoint_makes_the_same_film(page, tmp_path):
    """/train_timelapse hands out the film's file."""
    client = gradio_client.Client(page.url, verbose=False, download_files=str(tmp_path))
    path = client.predict("old", 5, "gif", api_name="/train_timelapse")
    assert len(decode("gif", path)) == 2 + HOLD
