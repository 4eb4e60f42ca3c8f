"""Tests for `dcgan/training/reports.py`: at which steps a run reports and saves."""

from __future__ import annotations

import pytest

from dcgan.config import make_config
from dcgan.training.reports import due_after, step_line

NUMBERS = {"D_loss": 1.4, "G_loss": 0.7, "D_x": 0.5, "D_G_z1": 0.4, "D_G_z2": 0.3}


def steps(config, count):
    """(pictures before the step, pictures after it) of each step of a run."""
    nimg, total = 0, config.total_pictures(count)
    while nimg < total:
        before = nimg
        nimg += min(config.batch, config.epoch_pictures(count) - before % config.epoch_pictures(count))
        yield before, nimg


def test_the_tutorial_prints_and_draws_at_the_steps_of_its_published_loop():
    """With 10,000 pictures: lines [e/5][0/79] and [e/5][50/79], grids at steps 0, 500, 1000, … and at the last."""
    for epochs in (5, 15):
        config, count = make_config("tutorial", "doodles", {"epochs": epochs}), 10_000
        lines, grids = [], []
        # as the published loop writes them
        published_lines, published_grids, iters, batches = [], [], 0, -(-count // 128)
        for epoch in range(epochs):
            for i in range(batches):
                if i % 50 == 0:
                    published_lines.append(f"[{epoch}/{epochs}][{i}/{batches}]")
                if (iters % 500 == 0) or ((epoch == epochs - 1) and (i == batches - 1)):
                    published_grids.append(iters)
                iters += 1
        for step, (before, nimg) in enumerate(steps(config, count)):
            due = due_after(config, count, before, nimg)
            if "line_every" in due:
                lines.append(step_line(config, count, before, NUMBERS).partition("\t")[0])
            if "sample_every" in due:
                grids.append(step)
        assert lines == published_lines and len(lines) == 2 * epochs
        assert grids == published_grids and grids[0] == 0 and grids[-1] == 79 * epochs - 1


def test_a_line_is_formatted_as_the_tutorials():
    """Losses and D's outputs have four decimals, between tabs."""
    config = make_config("tutorial", "doodles")
    line = step_line(config, 10_000, 10_000 + 50 * 128, NUMBERS)
    assert line == "[1/5][50/79]\tLoss_D: 1.4000\tLoss_G: 0.7000\tD(x): 0.5000\tD(G(z)): 0.4000 / 0.3000"


def test_the_tutorial_counts_in_float32():
    """The tutorial's loop uses no mixed precision; other presets measure what is faster."""
    assert make_config("tutorial", "doodles").precision == "fp32"
    assert make_config("recommended", "doodles").precision == "auto"


@pytest.mark.parametrize("preset", ["quick", "recommended", "refine"])
def test_other_presets_report_at_the_end_of_each_interval(preset):
    """An interval of N pictures is due with the step that completes N pictures, and with the last step."""
    config, count = make_config(preset, "doodles", {"kimg": 10, "batch": 100, "line_every": 3200}), 1000
    lines = [nimg for before, nimg in steps(config, count) if "line_every" in due_after(config, count, before, nimg)]
    assert lines == [3200, 6400, 9600, 10_000]
