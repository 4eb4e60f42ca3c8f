"""The two figures at the end of the tutorial, drawn with matplotlib: losses, and real beside generated pictures."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from dcgan.files import write_atomic
from dcgan.images import to_hwc

# The page's colours of G, D and reference lines
TEAL, CORAL, GRAY = "#1f9e8f", "#e4674f", "#888888"


@dataclass(frozen=True)
class RunCurves:
    """What `compare_runs_figure` draws of a run."""

    title: str
    metrics: Sequence[dict[str, float]]
    scores: Sequence[dict[str, float]]
    grid: Image.Image | None  # its newest grid of generated pictures


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


def compare_runs_figure(runs: Sequence[RunCurves], path: Path) -> None:
    """Both losses and KID of two runs over each other, by pictures seen, above their newest grids; a PNG."""
    figure = Figure(figsize=(13, 11), layout="constrained")
    axes = figure.subplot_mosaic("GGDDKK;000111", height_ratios=(1, 1.6))
    for place, name in (("G", "G_loss"), ("D", "D_loss"), ("K", "kid")):
        for run, style in zip(runs, ("-", "--"), strict=True):
            lines = [line for line in (run.scores if name == "kid" else run.metrics) if name in line]
            axes[place].plot([line["nimg"] for line in lines], [line[name] for line in lines], style, label=run.title)
        axes[place].set(title=name, xlabel="pictures seen")
        axes[place].legend()
    for place, run in zip("01", runs, strict=True):
        axes[place].set_title(run.title)
        axes[place].set_axis_off()
        if run.grid is not None:
            axes[place].imshow(run.grid)
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    write_atomic(path, buffer.getvalue())
