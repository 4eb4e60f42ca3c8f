"""Single pictures of a data set, by their place in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from dcgan.data.colour import to_channels
from dcgan.data.doodles.choice import numbers, parse_choice
from dcgan.data.doodles.one import draw_one
from dcgan.data.spec import parse


def take_pictures(spec: str, places: Sequence[int], image_size: int, nc: int, whole: Callable[[], Tensor]) -> Tensor:
    """uint8 [n, nc, S, S] at these places: doodles are drawn again, others are taken out of `whole()`.

    `whole` gives all pictures of the data set, uint8 [N, nc, S, S]. Raises IndexError where it has fewer, and whatever
    `whole` raises.
    """
    parsed = parse(spec)
    if parsed.kind == "doodles":
        seed = int(parsed.options.get("seed") or 0)
        chosen = numbers(parse_choice(parsed.options), seed, places)
        drawn = np.stack([draw_one(seed, i, image_size)[0] for i in chosen])
        return to_channels(drawn.transpose(0, 2, 3, 1), nc)
    return whole()[torch.tensor(places)]
