"""How usual the norm of a latent is."""

import pytest
import torch

from dcgan.latent.prior import clamp_norm, norm_range, share_shorter


@pytest.mark.parametrize("nz", [6, 16, 100])
def test_the_share_of_shorter_latents_is_right(nz):
    """As many of 20,000 random latents are shorter as the share says."""
    lengths = torch.randn(20_000, nz, generator=torch.Generator().manual_seed(0)).norm(dim=1)
    for length in torch.quantile(lengths, torch.tensor([0.01, 0.2, 0.5, 0.9, 0.99])).tolist():
        assert share_shorter(length, nz) == pytest.approx(float((lengths < length).float().mean()), abs=0.01)


def test_the_range_begins_and_ends_where_it_says():
    """The range of 99 % lies between the shares of ½ % and 99½ %; zero and far away are their ends."""
    low, high = norm_range(100)
    assert share_shorter(low, 100) == pytest.approx(0.005, abs=1e-6)
    assert share_shorter(high, 100) == pytest.approx(0.995, abs=1e-6)
    assert share_shorter(0, 100) == pytest.approx(0, abs=1e-9) and share_shorter(40, 100) == pytest.approx(1)


@pytest.mark.parametrize("nz", [6, 16, 100])
def test_norm_range_holds_99_percent_of_the_prior(nz):
    """Of 20,000 random latents 99 % lie within, and about as many are too short as too long."""
    low, high = norm_range(nz)
    lengths = torch.randn(20_000, nz, generator=torch.Generator().manual_seed(0)).norm(dim=1)
    assert float((lengths < low).float().mean()) == pytest.approx(0.005, abs=0.002)
    assert float((lengths > high).float().mean()) == pytest.approx(0.005, abs=0.002)


def test_latents_are_scaled_no_further_than_into_the_range():
    """Long ones are shortened and short ones lengthened without turning; those within, and zero, are finite."""
    low, high = norm_range(16)
    z = torch.cat([torch.full((1, 16), 5.0), torch.full((1, 16), 0.1), torch.ones(1, 16), torch.zeros(1, 16)])
    kept = clamp_norm(z)
    assert kept.norm(dim=1)[:3].tolist() == pytest.approx([high, low, 4.0])
    assert torch.equal(kept[2], z[2]) and torch.isfinite(kept).all()
