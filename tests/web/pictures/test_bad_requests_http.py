"""Requests for pictures that cannot be drawn."""

from __future__ import annotations

import json

import pytest
from asking import ask, refusal


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
        ("frame", {"corners": [{"seed": 1}, {"seed": 2}], "x": 0, "y": 0}),
        ("frame", {"corners": [{"seed": 1}] * 5}),
        ("frame", {"corners": [{"seed": 1}] * 3, "x": 1.5}),
        ("frame", {"corners": [{"seed": 1}] * 3, "y": "left"}),
        ("sheet", {"corners": [{"seed": 1}] * 3}),
        ("sheet", {"corners": [{"seed": 1}] * 3, "side": 100}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [0]}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "durations": [1, 1, 1]}),
        ("frame", {"faces": [{"seed": 1}, {"seed": 2}], "easing": "bounce"}),
        ("latent?seed=", None),
    ],
)
def test_a_bad_request_is_answered_with_a_sentence(page, path, body):
    """A frame, a sheet or a latent that cannot be had is refused with one readable sentence."""
    refusal(page, path, body)


def test_a_damaged_model_is_a_sentence(page):
    """A file that is no model is refused with a sentence about its format; other models are drawn as before."""
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
