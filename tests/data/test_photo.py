"""Photographs from outside."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from dcgan.data.photo import MAX_BYTES, describe_distance, read_photo, read_photo_text
from dcgan.errors import RequestError


def as_file(image: Image.Image, fmt: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, fmt)
    return buffer.getvalue()


def test_the_centre_square_is_taken():
    """A wide picture gives its middle, in as many channels as the model draws."""
    wide = np.zeros((50, 150, 3), dtype=np.uint8)
    wide[:, 50:100] = (255, 0, 0)
    colour = read_photo(as_file(Image.fromarray(wide)), 32, 3)
    assert colour.shape == (3, 32, 32)
    assert colour.float().mean(dim=(1, 2)).tolist() == pytest.approx([255, 0, 0], abs=4)
    gray = read_photo(as_file(Image.fromarray(wide)), 32, 1)
    assert gray.shape == (1, 32, 32) and float(gray.float().mean()) == pytest.approx(76, abs=2)
    assert read_photo(as_file(Image.new("L", (40, 40), 9)), 32, 3).shape == (3, 32, 32)


def test_text_is_the_same_picture():
    """Base64, plain or as a data URL, gives what the file gives."""
    content = as_file(Image.effect_noise((64, 64), 80), "JPEG")
    text = base64.b64encode(content).decode()
    assert read_photo_text(text, 32, 1).equal(read_photo(content, 32, 1))
    assert read_photo_text(f"data:image/jpeg;base64,{text}", 32, 1).equal(read_photo(content, 32, 1))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"not a picture", "not a JPEG"),
        (as_file(Image.effect_noise((64, 64), 80))[:900], "damaged"),
        (as_file(Image.new("1", (9000, 9000))), "too large"),
        (as_file(Image.new("1", (4000, 5))), "narrow"),
        (b"\0" * (MAX_BYTES + 1), "16 MiB"),
    ],
)
def test_bad_pictures_are_refused(content, words):
    """Empty, foreign, damaged and huge files get a sentence that says which."""
    with pytest.raises(RequestError, match=words):
        read_photo(content, 64, 1)


@pytest.mark.parametrize("text", [None, 5, "", "not base64!", "AAA", "data:image/png;base64,%%", "A" * (MAX_BYTES * 2)])
def test_bad_text_is_refused(text):
    """What is not base64 of a picture gets a sentence."""
    with pytest.raises(RequestError):
        read_photo_text(text, 64, 1)


def stripes(low, high):
    """A picture [3, 64, 64] half of `low` and half of `high`: its contrast is (high - low) / 255."""
    picture = torch.full((3, 64, 64), low, dtype=torch.uint8)
    picture[:, ::2] = high
    return picture


def test_the_words_depend_on_the_distance():
    """The words change with the distance, and every distance has some."""
    said = [describe_distance(rmse, stripes(64, 191)).partition(".")[0] for rmse in (0.0, 0.1, 0.16, 0.2, 0.5)]
    assert len(set(said)) == 5 and "not alike" in said[-1]


def test_a_distance_is_judged_by_the_contrast_of_the_picture():
    """The same distance is good for a picture full of contrast, bad for a fainter one, and says nothing of a blank."""
    distance = 0.11
    assert describe_distance(distance, stripes(64, 191)).startswith("very close. It misses 22 % of the picture")
    assert describe_distance(distance, stripes(100, 151)).startswith("not alike")
    for plain in (stripes(120, 140), stripes(128, 128)):
        assert describe_distance(distance, plain).startswith("too plain to tell")
    assert describe_distance(0.0, stripes(128, 128)).startswith("looks the same")
