"""Single pictures of a data set."""

import pytest
import torch

from dcgan.data import open_dataset
from dcgan.data.doodles import make_doodles
from dcgan.data.pictures_at import pictures_at


def test_doodles_are_drawn_again():
    """Doodles at an index equal those of the data set, which is not drawn; for one channel they are gray."""
    pictures, _ = make_doodles(12, 5, 32)

    def whole():
        raise AssertionError("the whole set was asked for")

    assert torch.equal(pictures_at("doodles:9000?seed=5", [11, 3], 32, 3, whole), pictures[[11, 3]])
    assert pictures_at("doodles?seed=5", [3], 32, 1, whole).shape == (1, 1, 32, 32)


def test_chosen_doodles_are_drawn_again():
    """An index into a filtered set of doodles counts the matching ones only."""
    spec = "doodles:60?seed=5&hat=crown,cap"
    pictures = open_dataset(spec, 32).pictures
    assert 0 < len(pictures) < 30
    assert torch.equal(pictures_at(spec, [4, 0, 2], 32, 3, lambda: pictures[:0]), pictures[[4, 0, 2]])


def test_others_are_taken_out_of_the_whole_set():
    """Other pictures come from the whole set in the requested order; an index beyond the end raises IndexError."""
    pictures = torch.arange(5, dtype=torch.uint8).reshape(5, 1, 1, 1)
    assert pictures_at("npy:x", [4, 0], 1, 1, lambda: pictures).flatten().tolist() == [4, 0]
    with pytest.raises(IndexError):
        pictures_at("npy:x", [5], 1, 1, lambda: pictures)
