"""The check of the metrics themselves, small; the whole of it on real photographs is slow."""

import numpy as np
import pytest
import torch

from dcgan.metrics.features import random_extractor, trained_extractor
from dcgan.metrics.sanity import sanity, sanity_markdown, worsens


def test_worse_means_the_metrics_own_direction():
    """KID up, coverage down, the ratio down; a score at rock bottom may stay there; a tie elsewhere does not count."""
    assert worsens([0.1, 0.2, 0.4], "KID") and not worsens([0.1, 0.4, 0.2], "KID")
    assert worsens([0.9, 0.5, 0.0, 0.0], "coverage") and not worsens([0.9, 0.5, 0.5], "coverage")
    assert worsens([0.9, 0.6, 0.2], "nearest train ÷ unseen")


def test_the_table_has_every_damage_and_metric():
    """On 40 blobs: a table for each damage with strengths and verdicts."""
    rng = torch.Generator().manual_seed(0)
    small = torch.rand(160, 1, 6, 6, generator=rng) * 255
    blobs = torch.nn.functional.interpolate(small, size=(64, 64), mode="bilinear").to(torch.uint8)
    trials = sanity(blobs[:80], blobs[80:], [random_extractor()], n=40)
    assert {trial.damage for trial in trials} == {"blur", "noise", "swirl", "modes kept", "copies"}
    text = sanity_markdown(trials)
    assert text.count("| metric | features |") == 5
    verdicts = sum(text.count(f"| {word} |\n") for word in ("yes", "NO", "not meant to"))
    assert verdicts == len(trials)


@pytest.mark.slow
@pytest.mark.faces
def test_every_metric_follows_growing_damage_of_real_photographs(faces_dir):
    """Blur, noise, swirl, lost modes and copies of 2,000 real photographs: each metric gets worse, in order."""
    train, held_out = (
        torch.from_numpy(np.load(faces_dir / f"{name}.npy")).permute(2, 0, 1).unsqueeze(1).contiguous()
        for name in ("train", "test")
    )
    trials = sanity(train, held_out, [trained_extractor(), random_extractor()], n=2000)
    wrong = [(trial.metric, trial.features, trial.damage, trial.scores) for trial in trials if trial.in_order is False]
    assert wrong == []
