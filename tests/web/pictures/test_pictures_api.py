"""The pictures' named endpoints."""

from __future__ import annotations

import numpy as np
import pytest
from asking import picture
from gradio_client.exceptions import AppError
from PIL import Image


def test_api_generates_a_file(page, client):
    """/generate returns a file with the face's picture, equal to the page's."""
    edits = [{"dim": 3, "amount": 1.5}]
    path = client.predict(seed=7, psi=0.8, edits=edits, model="first", size=64, api_name="/generate")
    image = np.asarray(Image.open(path))
    assert np.array_equal(image, picture(page, {"model": "first", "seed": 7, "psi": 0.8, "edits": edits}))


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("/generate", {"seed": -1}, "seed"),
        ("/generate", {"model": "nobody"}, "There is no model 'nobody'"),
        ("/generate", {"edits": [{"dim": 1}]}, "amount"),
        ("/generate", {"z": "AAAA"}, "damaged"),
    ],
)
def test_api_errors_are_sentences(client, name, arguments, words):
    """A call that cannot be answered raises an error with a sentence that names what was wrong."""
    with pytest.raises(AppError, match=words):
        client.predict(**arguments, api_name=name)
