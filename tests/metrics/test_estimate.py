"""Standard errors agree with known formulas and with the measured scatter."""

import math

import torch

from dcgan.metrics.estimate import jackknife, mean_and_error


def test_mean_and_error_of_four_numbers():
    """The values 1, 2, 3, 4 have the mean 2.5 with the standard error √(5/3) / 2."""
    score, error = mean_and_error(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    assert score == 2.5
    assert math.isclose(error, math.sqrt(5 / 3) / 2)
    assert math.isnan(mean_and_error(torch.tensor([1.0])).error)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    """With one row a group, the jackknife of the mean is the textbook's formula."""
    rows = torch.randn(50, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    (estimate,) = jackknife(lambda x: x.mean(dim=0), rows, groups=50)
    assert math.isclose(estimate.error, mean_and_error(rows).error, rel_tol=1e-9)
