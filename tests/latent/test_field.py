"""The surface through three or four latents."""

import pytest
import torch

from dcgan.latent import field, slerp, z_from_seeds

X, Y = torch.tensor([0.0, 1.0, 0.0, 1.0]), torch.tensor([0.0, 0.0, 1.0, 1.0])


@pytest.mark.parametrize("flat", [False, True])
def test_the_corners_are_the_latents(flat):
    """(0, 0), (1, 0), (0, 1) and (1, 1) are the four latents, or the three that there are."""
    corners = z_from_seeds([1, 2, 3, 4], 100)
    torch.testing.assert_close(field(corners, X, Y, flat), corners)
    torch.testing.assert_close(field(corners[:3], X, Y, flat)[:3], corners[:3])


def test_sides_are_slerps():
    """Along each of its four sides the surface is the walk between the two faces there."""
    a, b, c, d = corners = z_from_seeds([1, 2, 3, 4], 100)
    t = torch.linspace(0, 1, 5)
    zero, one = torch.zeros(5), torch.ones(5)
    sides = {(a, b): (t, zero), (c, d): (t, one), (a, c): (zero, t), (b, d): (one, t)}
    for (begin, end), (x, y) in sides.items():
        torch.testing.assert_close(field(corners, x, y), slerp(begin, end, t), rtol=0, atol=1e-5)


def test_three_corners_make_a_plane():
    """With three latents the flat surface is the plane through them; along the sphere no place is much shorter."""
    a, b, c = corners = z_from_seeds([1, 2, 3], 100)
    x, y = torch.tensor([0.3, 0.5, 1.0]), torch.tensor([0.7, 0.5, 1.0])
    plane = a + x[:, None] * (b - a) + y[:, None] * (c - a)
    torch.testing.assert_close(field(corners, x, y, flat=True), plane, rtol=0, atol=1e-5)
    lengths = field(corners, torch.rand(50), torch.rand(50)).norm(dim=1)
    shortest, longest = float(corners.norm(dim=1).min()), float(corners.norm(dim=1).max())
    assert shortest - 1e-3 <= float(lengths.min()) and float(lengths.max()) <= longest + 1e-3


def test_awkward_corners_survive():
    """Equal, opposite and zero corners give finite latents everywhere."""
    a, zero = z_from_seeds([6], 10)[0], torch.zeros(10)
    x, y = torch.rand(40), torch.rand(40)
    for corners in ([a, a, a, a], [a, -a, -a, a], [zero, zero, zero], [a, zero, -a], [a, a / 2, a / 2]):
        assert torch.isfinite(field(torch.stack(corners), x, y)).all()
