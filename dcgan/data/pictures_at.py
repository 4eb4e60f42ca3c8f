"""Single pictures of a data set, by index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from dcgan.data.colour import to_channels
from dcgan.data.doodles.draw_one import draw_one
from dcgan.data.doodles.filter import matching_indices, parse_filter
from dcgan.data.spec import parse


def pictures_at(spec: str, indices: Sequence[int], image_size: int, nc: int, load_all: Callable[[], Tensor]) -> Tensor:
    """Return the pictures at these indices, uint8 [n, nc, S, S]: doodles drawn again, others from `load_all()`.

    `load_all` returns all pictures of the data set, uint8 [N, nc, S, S]. Raises IndexError for an index beyond the end,
    and what `load_all` raises.
    """
    parsed = parse(spec)
    if parsed.kind == "doodles":
        seed = int(parsed.options.get("seed") or 0)
        chosen = matching_indices(parse_filter(parsed.options), seed, indices)
        drawn = np.stack([draw_one(seed, i, image_size)[0] for i in chosen])
        return to_channels(drawn.transpose(0, 2, 3, 1), nc)
    return load_all()[torch.tensor(indices)]
