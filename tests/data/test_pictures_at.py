"""Single pictures of a data set."""

import pytest
import torch

from dcgan.data import open_dataset
from dcgan.data.doodles import make_doodles
from dcgan.data.pictures_at import pictures_at


def test_doodles_are_drawn_again():
    """They are the data set's own, without it being drawn; gray where the model is."""
    pictures, _ = make_doodles(12, 5, 32)

    def whole():
        raise AssertionError("the whole set was asked for")

    assert torch.equal(pictures_at("doodles:9000?seed=5", [11, 3], 32, 3, whole), pictures[[11, 3]])
    assert pictures_at("doodles?seed=5", [3], 32, 1, whole).shape == (1, 1, 32, 32)


def test_chosen_doodles_are_drawn_again():
    """Of a set that is some of the doodles, the pictures at its places."""
    spec = "doodles:60?seed=5&hat=crown,cap"
    pictures = open_dataset(spec, 32).pictures
    assert 0 < len(pictures) < 30
    assert torch.equal(pictures_at(spec, [4, 0, 2], 32, 3, lambda: pictures[:0]), pictures[[4, 0, 2]])


def test_others_are_taken_out_of_the_whole_set():
    """In the order that was asked for; a place beyond its end is an IndexError."""
    pictures = torch.arange(5, dtype=torch.uint8).reshape(5, 1, 1, 1)
    assert pictures_at("npy:x", [4, 0], 1, 1, lambda: pictures).flatten().tolist() == [4, 0]
    with pytest.raises(IndexError):
        pictures_at("npy:x", [5], 1, 1, lambda: pictures)
