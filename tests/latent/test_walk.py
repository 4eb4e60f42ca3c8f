"""Walks through keyframes."""

import itertools

import pytest
import torch

from dcgan.latent import EASINGS, MODES, frame_count, frame_times, walk, z_from_seeds


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("loop", [False, True])
def test_walk_passes_every_keyframe(mode, loop):
    """At equal steps of t the walk is on its keyframes, in order; a loop is back at the first when t = 1."""
    keyframes = z_from_seeds([1, 2, 3, 4], 100)
    stretches = 4 if loop else 3
    path = walk(keyframes, torch.arange(stretches + 1) / stretches, mode, loop)
    expected = torch.cat([keyframes, keyframes[:1]]) if loop else keyframes
    torch.testing.assert_close(path, expected, rtol=0, atol=1e-5)
    assert torch.equal(path[0], expected[0])
    assert torch.equal(path[-1], expected[-1])


def test_a_loop_has_no_seam():
    """The step from the last frame to the first is as long as the steps around it."""
    path = walk(z_from_seeds([1, 2, 3], 100), frame_times(4, 24, loop=True), "slerp", loop=True)
    ring = torch.cat([path, path[:1]])
    steps = [float((b - a).norm()) for a, b in itertools.pairwise(ring)]
    assert steps[-1] == pytest.approx(steps[-2], rel=1e-2)
    assert max(steps) < 1.2 * min(steps)


def test_walk_of_one_keyframe_stands_still():
    """One keyframe is shown in every frame, with or without a loop."""
    keyframe = z_from_seeds([1], 10)
    for loop in (False, True):
        torch.testing.assert_close(walk(keyframe, torch.linspace(0, 1, 5), loop=loop), keyframe.expand(5, -1))


def test_frame_times_cover_the_film():
    """round(seconds · fps) frames; an open film ends at 1, a loop one step before it; there is always one frame."""
    assert frame_count(10, 24) == 240
    open_times, loop_times = frame_times(2, 5), frame_times(2, 5, loop=True)
    assert len(open_times) == len(loop_times) == 10
    assert float(open_times[0]) == 0.0 and float(open_times[-1]) == 1.0
    assert float(loop_times[-1]) == pytest.approx(0.9)
    assert frame_times(0.01, 1).tolist() == [0.0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("easing", EASINGS)
def test_durations_say_when_a_keyframe_is_reached(mode, easing):
    """With stretches of 1, 2 and 5 s the keyframes come after 1, 3 and 8 s; a loop's last one ends at the first."""
    keyframes = z_from_seeds([1, 2, 3, 4], 50)
    path = walk(keyframes, torch.tensor([0, 1 / 8, 3 / 8, 1]), mode, durations=[1, 2, 5], easing=easing)
    torch.testing.assert_close(path, keyframes, rtol=0, atol=1e-4)
    path = walk(keyframes[:3], torch.tensor([0, 1 / 8, 3 / 8, 1]), mode, True, [1, 2, 5], easing)
    torch.testing.assert_close(path, keyframes[[0, 1, 2, 0]], rtol=0, atol=1e-4)
    assert torch.equal(path[0], path[-1])


@pytest.mark.parametrize("mode", MODES)
def test_easing_rests_at_keyframes(mode):
    """An eased walk passes the same latents at the middle of a stretch, and hardly moves next to a keyframe."""
    keyframes, near = z_from_seeds([1, 2, 3], 50), torch.tensor([0.5, 0.501])
    middle = torch.tensor([0.25])
    torch.testing.assert_close(walk(keyframes, middle, mode, easing="ease"), walk(keyframes, middle, mode))
    step = {easing: float(walk(keyframes, near, mode, easing=easing).diff(dim=0).norm()) for easing in EASINGS}
    assert step["ease"] < step["linear"] / 50


def test_the_order_of_times_does_not_matter():
    """Times that jump between stretches give what each of them gives alone."""
    keyframes, times = z_from_seeds([1, 2, 3], 20), torch.tensor([0.9, 0.1, 1.0, 0.5, 0.0, 0.6])
    for mode in MODES:
        together = walk(keyframes, times, mode)
        for i in range(len(times)):
            torch.testing.assert_close(together[i : i + 1], walk(keyframes, times[i : i + 1], mode))
