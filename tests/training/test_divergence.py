"""Tests for `dcgan/training/divergence.py`: which losses stop a run."""

from __future__ import annotations

import pytest
import torch

from dcgan.config import TrainConfig
from dcgan.errors import RunError
from dcgan.training.divergence import check_losses
from dcgan.training.step_stats import StepStats

CONFIG = TrainConfig(lr_g=0.01, lr_d=0.02)


def stats(*losses: tuple[float, float]) -> StepStats:
    """Steps with these losses of D and G."""
    made = StepStats()
    for d_loss, g_loss in losses:
        made.add(torch.tensor([d_loss, g_loss, 0.5, 0.4, 0.3]))
    return made


@pytest.mark.parametrize(
    "losses",
    [
        [],
        [(1.4, 0.7)] * 20,
        [(0.0, 45.0)] * 20,  # the tutorial's first steps can look like this
        [(0.1, 16.0)] * 9 + [(75.0, 140.0)],  # a single step that recovers
        [(0.5, -90.0)] * 20,  # the hinge loss of G has no lower bound
    ],
)
def test_healthy_losses_pass(losses):
    """Usual losses, a weak G, and a single high step are no divergence."""
    check_losses(stats(*losses), 1000, CONFIG, state_saved=True)


@pytest.mark.parametrize(
    ("losses", "seen"),
    [
        ([(1.0, 1.0)] * 19 + [(2e13, 1.0)], "D's loss is 2e\\+12"),
        ([(1.0, 1.0)] * 10 + [(1.0, 120.0)] * 10, "G's loss is 120"),
        ([(1.0, -120.0)] * 10, "G's loss is -120"),
        ([(1.0, 1.0), (float("nan"), 1.0)], "D's loss became NaN or infinite"),
        ([(1.0, float("inf"))] + [(1.0, 1.0)] * 15, "G's loss became NaN or infinite"),
    ],
)
def test_a_loss_that_has_run_away_is_an_error(losses, seen):
    """The error says which loss, how large, when, and what to do."""
    with pytest.raises(RunError, match=rf"after 1,000 pictures {seen}.*lower learning rates: resume .* lr_g=0\.001"):
        check_losses(stats(*losses), 1000, CONFIG, state_saved=True)
    with pytest.raises(RunError, match=r"for example lr_g=0\.001 lr_d=0\.002; start a new run"):
        check_losses(stats(*losses), 1000, CONFIG, state_saved=False)


def test_corrupted_reals_allow_a_higher_loss_of_D():
    """With `negatives` D's loss has further terms of that weight."""
    weighted = TrainConfig(negatives=1.0)
    check_losses(stats(*[(150.0, 1.0)] * 10), 1000, weighted, state_saved=True)
    with pytest.raises(RunError, match="D's loss is 150"):
        check_losses(stats(*[(150.0, 1.0)] * 10), 1000, CONFIG, state_saved=True)
