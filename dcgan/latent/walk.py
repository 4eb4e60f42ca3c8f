"""A walk through keyframes: which latent is where, and when each frame of a film is on it."""

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
    """Latents [T, nz] on the way through all keyframes [K, nz], at times t [T] in 0 … 1 of the whole.

    With `loop` one more stretch leads from the last keyframe back to the first, which is reached at t = 1. `durations`
    holds what each stretch takes, K - 1 positive numbers or with `loop` K; without it all take as long. "slerp" and
    "lerp" turn sharply at a keyframe, "cubic" passes through it smoothly. "ease" leaves each keyframe slowly and
    comes slowly to the next.
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
    """At each time of the whole [T]: the number of the stretch, and how much of it has passed, 0 … 1."""
    ends = lengths.cumsum(0)
    starts = torch.cat([ends.new_zeros(1), ends[:-1]])
    now = t * ends[-1]
    stretch = torch.searchsorted(ends, now, right=True).clamp_max(len(lengths) - 1)
    rest = ((now - starts[stretch]) / lengths[stretch]).clamp(0, 1)
    return stretch, torch.where(t == 1, 1.0, rest)


def frame_count(seconds: float, fps: float) -> int:
    """How many frames a film of this length has; at least one."""
    return max(1, round(seconds * fps))


def frame_times(seconds: float, fps: float, loop: bool = False) -> Tensor:
    """When each frame is on its path, float64 [frames] in 0 … 1.

    An open film begins at 0 and ends at 1. A loop ends one step before 1, where its first frame follows.
    """
    count = frame_count(seconds, fps)
    if loop or count == 1:
        return torch.arange(count, dtype=torch.float64) / count
    return torch.linspace(0, 1, count, dtype=torch.float64)
