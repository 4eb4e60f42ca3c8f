"""Directions found from the mean Jacobian metric."""

import pytest
import torch
from small_generator import random_G

from dcgan.folded import FoldedGenerator
from dcgan.latent import jacobian_directions, z_from_seed
from dcgan.latent.jacobian import jacobian_metric, rank_axes


def test_the_jacobian_is_the_central_difference():
    """Each row of the Jacobian is what a small step along that dimension changes in G's own pictures."""
    G = random_G().double()
    z = z_from_seed(1, 12).double()
    steps = 1e-6 * torch.eye(12, dtype=torch.float64)
    differences = ((G(z + steps) - G(z - steps)) / 2e-6).permute(0, 2, 3, 1).flatten(1)
    exact = FoldedGenerator(random_G()).jacobian(z.float())
    torch.testing.assert_close(exact.double(), differences, rtol=1e-3, atol=1e-5)


def test_axes_are_orthonormal_and_sorted():
    """Rows are orthonormal; shares fall, lie in 0 … 1, and sum to 1 when every axis is taken."""
    found = jacobian_directions(random_G(), count=12, latents=4)
    torch.testing.assert_close(found.axes @ found.axes.T, torch.eye(12), rtol=0, atol=1e-5)
    assert (found.share[:-1] >= found.share[1:]).all()
    assert float(found.share.sum()) == pytest.approx(1, abs=1e-5)


def test_a_generator_with_one_live_dimension_gives_that_axis():
    """If pictures react to dimension 3 alone, the first direction is that dimension and carries all the change."""
    G = random_G()
    G.main[0].weight[[i for i in range(12) if i != 3]] = 0
    found = jacobian_directions(G, count=2, latents=4)
    assert abs(float(found.axes[0, 3])) == pytest.approx(1, abs=1e-5)
    assert float(found.share[0]) == pytest.approx(1, abs=1e-5)


def test_an_axis_points_where_pictures_grow_brighter():
    """A step along each strong axis brightens the mean picture, so signs do not depend on the eigen solver."""
    G = random_G()
    found = jacobian_directions(G, count=3, latents=30)
    z = torch.stack([z_from_seed(seed, 12) for seed in range(30)])
    for axis in found.axes:
        assert G(z + 0.02 * axis).mean() > G(z - 0.02 * axis).mean()


def test_the_same_generator_gives_the_same_bits():
    """The same seed gives the same axes; another seed samples other latents and gives others."""
    G = random_G()
    first, again = (jacobian_directions(G, latents=3) for _ in range(2))
    assert torch.equal(first.axes, again.axes) and torch.equal(first.share, again.share)
    assert not torch.equal(first.axes, jacobian_directions(G, latents=3, seed=50).axes)


def test_any_axes_are_ranked_by_the_same_measure():
    """The Jacobian's own axes, shuffled and flipped, come back as they were: order, signs and shares."""
    G = random_G()
    found = jacobian_directions(G, count=12, latents=4)
    again = rank_axes(
        -found.axes[torch.randperm(12, generator=torch.Generator().manual_seed(0))], jacobian_metric(G, 4), 8, "x"
    )
    torch.testing.assert_close(again.axes, found.axes[:8], rtol=0, atol=1e-3)
    torch.testing.assert_close(again.share, found.share[:8], rtol=1e-3, atol=1e-5)
