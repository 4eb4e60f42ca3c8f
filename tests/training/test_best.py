"""Choosing the best model of a run."""

from __future__ import annotations

import torch

from dcgan.config import ModelConfig
from dcgan.models import make_networks
from dcgan.training.best import best_of, make_evaluator, quality_warning


def scores(*pairs):
    return [
        {"nimg": number, "kid": kid, "kid_error": 0.1, "coverage": coverage}
        for number, (kid, coverage) in enumerate(pairs)
    ]


def test_lowest_kid_wins():
    """Among models of equal coverage the one with the lowest KID is the best, wherever in the run it was."""
    assert best_of(scores((3, 0.5), (1, 0.5), (2, 0.5)))["nimg"] == 1
    assert best_of([]) is None


def test_a_model_of_low_coverage_is_not_the_best():
    """A lower KID does not count when the coverage is below nine tenths of the highest."""
    assert best_of(scores((3, 0.8), (1, 0.7), (2, 0.75)))["nimg"] == 2
    assert best_of(scores((3, 0.1), (2, 0.5)))["nimg"] == 1


def test_a_run_that_gets_worse_is_reported():
    """Three scores in a row at more than twice the best are reported; two, scattered ones, or a young run are not."""
    good, bad = (1, 0.5), (4, 0.1)
    assert "worse since 1" in quality_warning(scores((9, 0.4), good, bad, bad, bad))
    for healthy in ([], [good], [good, bad, bad], [good, bad, (1.9, 0.5), bad], [good, *[(2.2, 0.5)] * 3]):
        assert quality_warning(scores(*healthy)) == ""


def test_an_untrained_G_scores_badly():
    """An untrained G has a high KID and low coverage, and the same values when it is evaluated again."""
    pictures = torch.randint(0, 256, (64, 3, 8, 8), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    pictures = pictures.repeat_interleave(8, 2).repeat_interleave(8, 3)
    evaluate = make_evaluator(pictures, torch.device("cpu"))
    G, _ = make_networks(ModelConfig(ngf=4, ndf=4), 0)
    first = evaluate(G.eval().requires_grad_(False))
    assert first["kid"] > 1 and first["coverage"] < 0.3 and first == evaluate(G)
