"""The estimate of a film's frames, bytes and seconds."""

from __future__ import annotations

import pytest
from asking import ask, ask_json, make_film


@pytest.mark.parametrize("fmt", ["mp4", "webm", "gif", "webp", "zip"])
def test_an_estimate_is_near_the_film(page, fmt):
    """The estimate has the film's frames, its bytes within a factor of 2 and its seconds within a factor of 8."""
    body = {"faces": [{"seed": 1}, {"seed": 2}, {"seed": 3}], "seconds": 4, "fps": 25, "loop": True, "format": fmt}
    guess = ask_json(page, "film/estimate", body)
    *_, last = make_film(page, body)
    assert guess["frames"] == last["frames"] == 100
    assert last["bytes"] / 2 < guess["bytes"] < last["bytes"] * 2
    assert last["seconds"] / 8 < guess["seconds"] < last["seconds"] * 8
    assert ask_json(page, "film/estimate", {**body, "seconds": 0.1, "fps": 5})["frames"] == 1
    assert ask(page, "film/estimate", {**body, "seconds": 0.1, "fps": 30})[0] == 200
