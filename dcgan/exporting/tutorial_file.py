"""A model as a `.pt` file of the PyTorch tutorial: state dicts that the tutorial's networks load."""

from __future__ import annotations

import io
from pathlib import Path

import torch

from dcgan.files import write_atomic
from dcgan.models import Discriminator, Generator


def write_tutorial_file(path: Path, G: Generator, D: Discriminator | None) -> None:
    """Write the file of `tutorial_bytes`."""
    write_atomic(path, tutorial_bytes(G, D))


def tutorial_bytes(G: Generator, D: Discriminator | None) -> bytes:
    """Return a file of `{"G_model_state_dict": …, "D_model_state_dict": …}`, for `torch.load` and `load_state_dict`.

    The tutorial's Generator loads G's if nz, ngf and nc are equal. Its Discriminator loads D's only if D has BatchNorm
    and no bias, as the preset `tutorial` trains it. Without a D the second entry is missing.
    """
    content = {"G_model_state_dict": G.state_dict()}
    if D is not None:
        content["D_model_state_dict"] = D.state_dict()
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()
