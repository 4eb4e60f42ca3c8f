"""A walk through keyframes: the latent at each time, and the time of each frame of a film."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from dcgan.latent.paths import lerp, slerp
from dcgan.latent.spline import spline

MODES = ("slerp", "lerp", "cubic")
EASINGS = ("linear", "ease")


def walk(
    keyframes: Tensor,
    t: Tensor,
    mode: str = "slerp",
    loop: bool = False,
    durations: Sequence[float] | None = None,
    easing: str = "linear",
) -> Tensor:
    """Return latents [T, nz] on the path through all keyframes [K, nz], at times t [T] in 0 … 1 of the whole path.

    mode: "slerp" and "lerp" change direction abruptly at a keyframe; "cubic" passes through it smoothly.
    loop: adds a stretch from the last keyframe back to the first, which is reached at t = 1.
    durations: time of each stretch, K - 1 positive numbers (K with `loop`); None makes them equal.
    easing: "ease" slows down at every keyframe.
    """
    assert mode in MODES and easing in EASINGS, (mode, easing)
    assert keyframes.ndim == 2 and len(keyframes) > 0, keyframes.shape
    ring = torch.cat([keyframes, keyframes[:1]]) if loop else keyframes
    stretches = len(ring) - 1
    if stretches == 0:
        return keyframes.expand(len(t), -1).clone()
    lengths = torch.tensor([1.0] * stretches if durations is None else list(durations), dtype=torch.float64)
    assert lengths.shape == (stretches,) and bool((lengths > 0).all()), durations
    stretch, rest = _places(t.double().clamp(0, 1), lengths)
    if easing == "ease":
        rest = rest * rest * (3 - 2 * rest)
    path = keyframes.new_empty(len(t), keyframes.shape[1])
    for i in stretch.unique().tolist():
        here = stretch == i
        if mode == "cubic":
            path[here] = spline(ring, lengths, i, rest[here], loop)
        else:
            path[here] = (slerp if mode == "slerp" else lerp)(ring[i], ring[i + 1], rest[here])
    return path


def _places(t: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Return for each time [T] the number of its stretch and the fraction of it that has passed, 0 … 1."""
    ends = lengths.cumsum(0)
    starts = torch.cat([ends.new_zeros(1), ends[:-1]])
    now = t * ends[-1]
    stretch = torch.searchsorted(ends, now, right=True).clamp_max(len(lengths) - 1)
    rest = ((now - starts[stretch]) / lengths[stretch]).clamp(0, 1)
    return stretch, torch.where(t == 1, 1.0, rest)


def frame_count(seconds: float, fps: float) -> int:
    """Return the number of frames of a film of this length; at least one."""
    return max(1, round(seconds * fps))


def frame_times(seconds: float, fps: float, loop: bool = False) -> Tensor:
    """Return each frame's time on the path, float64 [frames] in 0 … 1.

    Without a loop, times run from 0 to 1. A loop ends one step before 1, because its first frame follows there.
    """
    count = frame_count(seconds, fps)
    if loop or count == 1:
        return torch.arange(count, dtype=torch.float64) / count
    return torch.linspace(0, 1, count, dtype=torch.float64)
