"""The smooth curve through several latents."""

import pytest
import torch

from dcgan.latent import slerp, walk, z_from_seeds


def velocities(keyframes, loop, durations, at):
    """Speed vectors just before and just after a moment of the walk, in latents a second."""
    total, step = sum(durations), 1e-4
    times = torch.tensor([at - step, at, at, at + step], dtype=torch.float64) / total
    path = walk(keyframes.double(), times % 1.0, "cubic", loop, durations)
    return (path[1] - path[0]) / step, (path[3] - path[2]) / step


@pytest.mark.parametrize("durations", [[1.0, 1.0, 1.0, 1.0], [0.5, 2.0, 1.0, 4.0]])
def test_the_speed_does_not_jump_at_a_keyframe(durations):
    """Before and after each keyframe of a loop, the seam among them, the curve moves alike; slerp does not."""
    keyframes = z_from_seeds([1, 2, 3, 4], 100)
    for at in torch.tensor([0.0, *durations]).cumsum(0)[:4].tolist():
        before, after = velocities(keyframes, True, durations, at)
        assert float((before - after).norm()) < 0.01 * float(before.norm())
    corner = walk(keyframes, torch.tensor([0.2499, 0.25, 0.2501]), "slerp", True).diff(dim=0)
    assert float((corner[1] - corner[0]).norm()) > 0.5 * float(corner[0].norm())


def test_contrast_stays_even():
    """Between latents of the same length the whole curve has that length, where a straight walk falls far below."""
    keyframes = torch.nn.functional.normalize(z_from_seeds([1, 2, 3, 4], 100), dim=1) * 10
    times = torch.linspace(0, 1, 200)
    norms = walk(keyframes, times, "cubic", True).norm(dim=1)
    torch.testing.assert_close(norms, torch.full((200,), 10.0))
    assert float(walk(keyframes, times, "lerp", True).norm(dim=1).min()) < 8


def test_the_length_never_leaves_its_neighbours():
    """The length goes from keyframe to keyframe without overshooting, down to the origin and back."""
    keyframes = z_from_seeds([1, 2, 3, 4], 100) * torch.tensor([1.0, 0.1, 2.0, 0.0])[:, None]
    lengths = keyframes.norm(dim=1)
    for i in range(3):
        norms = walk(keyframes, torch.linspace(i / 3, (i + 1) / 3, 50), "cubic").norm(dim=1)
        low, high = sorted([float(lengths[i]), float(lengths[i + 1])])
        assert low - 1e-4 <= float(norms.min()) and float(norms.max()) <= high + 1e-4


def test_two_keyframes_give_the_slerp():
    """Through two keyframes the curve is slerp."""
    a, b = torch.nn.functional.normalize(z_from_seeds([1, 2], 100), dim=1)
    times = torch.linspace(0, 1, 21)
    torch.testing.assert_close(walk(torch.stack([a, b]), times, "cubic"), slerp(a, b, times), atol=1e-6, rtol=0)


@pytest.mark.parametrize("loop", [False, True])
def test_awkward_keyframes_survive(loop):
    """Equal, opposite and zero keyframes, in any order, give a finite curve without leaps."""
    a, zero = z_from_seeds([6], 100)[0], torch.zeros(100)
    for ring in ([a, a, a], [a, -a], [a, -a, a], [a, 2 * a, -a], [zero, a, zero], [zero, zero], [a, zero, -a, a]):
        path = walk(torch.stack(ring), torch.linspace(0, 1, 600), "cubic", loop)
        assert torch.isfinite(path).all()
        assert float(path.diff(dim=0).norm(dim=1).max()) < 0.1 * max(float(a.norm()), 1.0)
