"""Paths between latents."""

import math

import pytest
import torch

from dcgan.latent import lerp, slerp, z_from_seeds


def test_slerp_meets_its_ends_exactly():
    """t = 0 and t = 1 give the ends to the last bit, as numbers and as a tensor."""
    a, b = z_from_seeds([1, 2], 100)
    for way in (slerp, lerp):
        assert torch.equal(way(a, b, 0.0), a)
        assert torch.equal(way(a, b, 1.0), b)
        assert torch.equal(way(a, b, torch.tensor([0.0, 1.0])), torch.stack([a, b]))


def test_slerp_turns_evenly_and_interpolates_the_length():
    """The angle from a grows as t, and the length goes straight from one to the other."""
    a, b = torch.tensor([2.0, 0.0, 0.0]), torch.tensor([0.0, 4.0, 0.0])
    for t in (0.1, 0.25, 0.5, 0.9):
        point = slerp(a, b, t)
        assert float(point.norm()) == pytest.approx(2 + 2 * t, abs=1e-5)
        assert math.atan2(float(point[1]), float(point[0])) == pytest.approx(t * math.pi / 2, abs=1e-5)


def test_slerp_keeps_the_length_that_lerp_loses():
    """Half-way between two latents slerp is as long as they are; the straight line is much shorter."""
    a, b = z_from_seeds([3, 4], 100)
    mean = float(a.norm() + b.norm()) / 2
    assert float(slerp(a, b, 0.5).norm()) == pytest.approx(mean, rel=1e-5)
    assert float(lerp(a, b, 0.5).norm()) < 0.85 * mean


def test_slerp_survives_equal_ends():
    """Equal and nearly equal ends, and ends of one direction, give the straight way and no NaN."""
    a = z_from_seeds([5], 100)[0]
    times = torch.linspace(0, 1, 11)
    torch.testing.assert_close(slerp(a, a, times), a.expand(11, -1))
    torch.testing.assert_close(slerp(a, 3 * a, 0.5), 2 * a)
    near = a + 1e-6 * a.roll(1)
    torch.testing.assert_close(slerp(a, near, times), lerp(a, near, times), rtol=0, atol=1e-5)


@pytest.mark.parametrize("nudge", [0.0, 1e-9, 1e-6, 1e-3])
def test_slerp_survives_opposite_ends(nudge):
    """Opposite and nearly opposite ends give a half circle of even steps that stays away from the origin."""
    a = z_from_seeds([6], 100)[0]
    path = slerp(a, -a + nudge * a.roll(1), torch.linspace(0, 1, 101))
    assert torch.isfinite(path).all()
    torch.testing.assert_close(path.norm(dim=1), a.norm().expand(101), rtol=1e-2, atol=0)
    steps = (path[1:] - path[:-1]).norm(dim=1)
    assert float(steps.max() / steps.min()) < 1.05


def test_slerp_survives_zero_ends():
    """From or to the origin it is the straight line; from the origin to itself it stays there."""
    a = z_from_seeds([7], 100)[0]
    zero = torch.zeros(100)
    torch.testing.assert_close(slerp(zero, a, 0.3), 0.3 * a)
    torch.testing.assert_close(slerp(a, zero, 0.3), 0.7 * a)
    assert torch.equal(slerp(zero, zero, 0.3), zero)


def test_slerp_of_opposite_ends_in_one_dimension_is_finite():
    """With nz = 1 opposite ends are joined without NaN."""
    assert torch.isfinite(slerp(torch.tensor([1.0]), torch.tensor([-1.0]), torch.linspace(0, 1, 5))).all()


def test_slerp_takes_batches():
    """A batch of pairs gives what each pair gives alone, for one t and for several."""
    a, b = z_from_seeds([1, 2, 3], 16), z_from_seeds([4, 5, 6], 16)
    times = torch.tensor([0.2, 0.7])
    assert slerp(a, b, 0.2).shape == (3, 16)
    together = slerp(a, b, times)
    assert together.shape == (2, 3, 16)
    for i in range(3):
        torch.testing.assert_close(together[:, i], slerp(a[i], b[i], times))
