"""Filters as matrices equal the convolutions that they stand for."""

import pytest
import torch
from torch.nn import functional as F

from dcgan.metrics.filters import apply_filter, bell, filter_matrix


@pytest.mark.parametrize(
    ("border", "size"), [("valid", 3), ("valid", 4), ("reflect", 3), ("reflect", 7), ("replicate", 7)]
)
def test_the_matrix_is_the_convolution(border, size):
    """On random pictures, at every border."""
    x = torch.rand(2, 3, 16, 16, dtype=torch.float64)
    taps = torch.rand(size, dtype=torch.float64)
    padded = x if border == "valid" else F.pad(x, (size // 2,) * 4, mode=border)
    weight = torch.outer(taps, taps).expand(3, 1, size, size)
    assert torch.allclose(apply_filter(x, filter_matrix(taps, 16, border)), F.conv2d(padded, weight, groups=3))


def test_a_bell_sums_to_one_and_is_even():
    """Also where its size is even."""
    for size in (4, 11):
        taps = bell(1.5, size)
        assert torch.isclose(taps.sum(), torch.tensor(1.0).double())
        assert torch.allclose(taps, taps.flip(0))
