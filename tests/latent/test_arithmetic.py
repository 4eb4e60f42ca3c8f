"""Arithmetic on latents."""

import pytest
import torch

from dcgan.latent import z_from_seeds
from dcgan.latent.arithmetic import NOISE, nearby_latents, sum_latents
from dcgan.latent.prior import norm_range


def test_terms_are_means_that_are_added_in_order():
    """Each term is its latents' mean; the steps are A, A − B, A − B + C."""
    a, b, c = z_from_seeds([1, 2, 3], 100), z_from_seeds([4], 100), z_from_seeds([5, 6], 100)
    done = sum_latents([(1, a), (-1, b), (1, c)])
    torch.testing.assert_close(done.means, torch.stack([a.mean(0), b[0], c.mean(0)]))
    torch.testing.assert_close(done.steps[1], a.mean(0) - b[0])
    torch.testing.assert_close(done.steps[2], a.mean(0) - b[0] + c.mean(0))


def test_a_minus_b_plus_b_is_a():
    """A − B + B is A, because only the mean of B is subtracted and added."""
    a, b = z_from_seeds([1], 100), z_from_seeds([4, 5, 6], 100)
    torch.testing.assert_close(sum_latents([(1, a), (-1, b), (1, b)]).steps[-1], a[0])


def test_drawn_latents_are_as_long_as_the_prior_and_point_the_same_way():
    """Sums of single latents are too long, means of many too short; both are scaled to usual norms, not turned."""
    done = sum_latents(
        [(1, z_from_seeds([1], 100)), (-1, z_from_seeds([2], 100)), (1, z_from_seeds(range(3, 12), 100))]
    )
    low, high = norm_range(100)
    means, steps = done.clamped
    assert float(done.means[2].norm()) < low and float(done.steps[1].norm()) > high
    for raw, drawn in ((done.means, means), (done.steps, steps)):
        assert ((drawn.norm(dim=1) > low - 1e-3) & (drawn.norm(dim=1) < high + 1e-3)).all()
        assert torch.cosine_similarity(raw, drawn).min() > 0.9999
    assert torch.isfinite(sum_latents([(1, means[:1]), (-1, means[:1])]).clamped[1]).all()  # nothing is left to point


def test_nearby_latents_are_near_and_repeatable():
    """Each of the eight differs from z by no more than the noise of the paper's figure, and from the others."""
    (z,) = z_from_seeds([1], 100)
    near = nearby_latents(z)
    assert (
        near.shape == (8, 100)
        and torch.equal(near, nearby_latents(z))
        and not torch.equal(near, nearby_latents(z, seed=1))
    )
    assert float((near - z).abs().max()) <= NOISE + 0.5 and len(torch.unique(near, dim=0)) == 8
    assert float((near - z).norm(dim=1).max()) == pytest.approx(2.5, abs=0.5)  # 0.25 · √100
