"""Tests for `dcgan/training/step_stats.py`: means, and numbers that are not finite."""

from __future__ import annotations

import pytest
import torch

from dcgan.training.step_stats import StepStats


def stats(*losses: tuple[float, float]) -> StepStats:
    """Steps with these losses of D and G."""
    made = StepStats()
    for d_loss, g_loss in losses:
        made.add(torch.tensor([d_loss, g_loss, 0.5, 0.4, 0.3]))
    return made


def test_means_are_since_the_last_report():
    """Each report has the mean of its own steps; the last step can be read on its own."""
    made = stats((1, 2), (3, 4))
    assert made.pop_means() == pytest.approx({"D_loss": 2, "G_loss": 3, "D_x": 0.5, "D_G_z1": 0.4, "D_G_z2": 0.3})
    made.add(torch.tensor([9.0, 8.0, 0.5, 0.4, 0.3]))
    assert made.last()["D_loss"] == made.pop_means()["D_loss"] == 9


def test_recent_means_are_of_the_last_ten_steps():
    """Older steps do not count; before the first step there is none."""
    assert stats().recent_means() == {}
    assert stats(*[(100, 100)] * 5, *[(1, 2)] * 10).recent_means()["G_loss"] == 2


def test_numbers_that_are_not_finite_are_named():
    """One step with NaN or an infinity is enough, also if it is older than the recent steps but not reported yet."""
    assert stats(*[(1, 2)] * 3).not_finite() == stats().not_finite() == set()
    assert stats((1, float("nan")), *[(1, 2)] * 20).not_finite() == {"G_loss"}
    assert stats((float("-inf"), 1)).not_finite() == {"D_loss"}
