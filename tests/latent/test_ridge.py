"""The classifier that teaching uses."""

import pytest
import torch

from dcgan.latent.ridge import cross_validated_accuracy, fit


def examples(count, noise, seed):
    """Features [count, 40], and labels that a line gives, seen through noise."""
    rng = torch.Generator().manual_seed(seed)
    x = torch.randn(count, 40, generator=rng).double()
    w = torch.randn(40, generator=torch.Generator().manual_seed(7)).double()
    seen = x @ (w / w.norm()) + noise * torch.randn(count, generator=rng).double()
    return x, torch.where(seen > 0, 1.0, -1.0).double()


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_accuracy_is_what_new_examples_give(noise):
    """What cross-validation promises is what 4,000 new examples turn out to be, to a few per cent."""
    x, y = examples(150, noise, 0)
    coefficients, threshold = fit(x @ x.T, y)
    new, truth = examples(4000, noise, 1)
    right = (new @ (x.T @ coefficients) - threshold) * truth > 0
    true = float(right[truth > 0].double().mean() + right[truth < 0].double().mean()) / 2
    assert cross_validated_accuracy(x @ x.T, y) == pytest.approx(true, abs=0.08)
    assert true > (0.8 if noise == 0 else 0.7)


def test_scores_do_not_depend_on_the_mean_of_the_features():
    """Moving all examples by the same vector changes no score, because the fit is about their mean."""
    x, y = examples(60, 0.3, 2)
    near, far = x, x + 5
    scores = [g @ c - b for g in (near @ near.T, far @ far.T) for c, b in [fit(g, y)]]
    torch.testing.assert_close(*scores, rtol=1e-6, atol=1e-6)
