"""How usual a latent's length is."""

import pytest
import torch

from dcgan.latent.inversion import norm_range
from dcgan.latent.prior import share_shorter


@pytest.mark.parametrize("nz", [6, 16, 100])
def test_the_share_of_shorter_latents_is_right(nz):
    """As many of 20,000 random latents are shorter as the share says."""
    lengths = torch.randn(20_000, nz, generator=torch.Generator().manual_seed(0)).norm(dim=1)
    for length in torch.quantile(lengths, torch.tensor([0.01, 0.2, 0.5, 0.9, 0.99])).tolist():
        assert share_shorter(length, nz) == pytest.approx(float((lengths < length).float().mean()), abs=0.01)


def test_the_shell_begins_and_ends_where_it_says():
    """The shell of 99 % lies between the shares of ½ % and 99½ %; zero and far away are their ends."""
    low, high = norm_range(100)
    assert share_shorter(low, 100) == pytest.approx(0.005, abs=1e-6)
    assert share_shorter(high, 100) == pytest.approx(0.995, abs=1e-6)
    assert share_shorter(0, 100) == pytest.approx(0, abs=1e-9) and share_shorter(40, 100) == pytest.approx(1)
