"""The two figures at the end of the tutorial, drawn with matplotlib: losses, and real beside generated pictures."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from torch import Tensor

from dcgan.files import write_atomic
from dcgan.images import to_hwc

# The page's colours of G, D and reference lines
TEAL, CORAL, GRAY = "#1f9e8f", "#e4674f", "#888888"


def loss_figure(lines: Sequence[dict[str, float]], path: Path) -> None:
    """Plot both losses, and D(x) and D(G(z)) below them, over the number of pictures seen; write a PNG."""
    figure = Figure(figsize=(9, 7), layout="constrained")
    losses, opinions = figure.subplots(2, 1, sharex=True)
    nimg = [line["nimg"] for line in lines]
    losses.plot(nimg, [line["G_loss"] for line in lines], color=TEAL, label="G")
    losses.plot(nimg, [line["D_loss"] for line in lines], color=CORAL, label="D")
    losses.axhline(math.log(4), color=GRAY, linestyle="--", linewidth=1, label="ln 4: D cannot tell reals from fakes")
    losses.set_ylabel("loss")
    opinions.plot(nimg, [line["D_x"] for line in lines], color=CORAL, label="D(x)")
    opinions.plot(nimg, [line["D_G_z1"] for line in lines], color=TEAL, label="D(G(z))")
    opinions.axhline(0.5, color=GRAY, linestyle="--", linewidth=1)
    opinions.set(ylabel="D's output", xlabel="pictures seen", ylim=(0, 1))
    for axes in (losses, opinions):
        axes.legend()
        axes.spines[["top", "right"]].set_visible(False)
    _save(figure, path)


def compare_figure(reals: Tensor, fakes: Tensor, path: Path) -> None:
    """Draw two grids, uint8 [nc, H, W], side by side, as in the tutorial; write a PNG."""
    figure = Figure(figsize=(13, 6.8), layout="constrained")
    for axes, picture, title in zip(figure.subplots(1, 2), (reals, fakes), ("Real", "Generated"), strict=True):
        axes.imshow(to_hwc(picture))
        axes.set_title(title)
        axes.set_axis_off()
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    write_atomic(path, buffer.getvalue())
