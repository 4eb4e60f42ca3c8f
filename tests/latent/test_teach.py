"""Directions learned from examples."""

import pytest
import torch
from small_generator import random_G

from dcgan.errors import RequestError
from dcgan.latent import Directions, jacobian_directions, z_from_seeds
from dcgan.latent.teach import Lesson, prior_of, teach

NZ = 24


@pytest.fixture(autouse=True)
def one_thread():
    """As on the sampler's workers."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def axis(seed, nz=NZ):
    v = torch.randn(nz, generator=torch.Generator().manual_seed(seed))
    return v / v.norm()


def split(w, count, first=0, noise=0.0, threshold=0.0):
    """Latents of seeds in a row, by whether w·z, seen through noise, is above a threshold."""
    z = z_from_seeds(range(first, first + count), len(w))
    seen = z @ w + noise * torch.randn(count, generator=torch.Generator().manual_seed(first))
    return z[seen > threshold], z[seen <= threshold]


@pytest.mark.parametrize("threshold", [0.0, 0.8])
def test_a_linear_trait_is_recovered(threshold):
    """From 200 examples of a trait that is linear in z, rare or common, the direction comes back, pointing to "has"."""
    w = axis(1)
    lesson = teach(*split(w, 200, threshold=threshold))
    assert float(lesson.vector @ w) > 0.9
    assert float(lesson.vector.norm()) == pytest.approx(1, abs=1e-3)
    assert lesson.accuracy > 0.8 and lesson.sure


def test_the_accuracy_is_what_new_examples_give():
    """What cross-validation promises is what 4,000 latents that nobody marked turn out to be, to a few per cent."""
    w = axis(2)
    lesson = teach(*split(w, 150, noise=0.5))
    has, has_not = split(w, 4000, first=10_000, noise=0.5)
    true = float(((has @ lesson.vector > 0).float().mean() + (has_not @ lesson.vector <= 0).float().mean()) / 2)
    assert lesson.accuracy == pytest.approx(true, abs=0.08)


def test_noise_is_not_learned():
    """Labels thrown by a coin give about 50 % on average, and hardly ever pass for sure."""
    lessons = []
    for seed in range(20):
        z = z_from_seeds(range(1000 * seed, 1000 * seed + 30), NZ)
        heads = torch.rand(30, generator=torch.Generator().manual_seed(seed)).argsort() < 15
        lessons.append(teach(z[heads], z[~heads], prior=prior_of(jacobian_directions(random_G(nz=NZ), latents=2))))
    assert sum(lesson.accuracy for lesson in lessons) / 20 == pytest.approx(0.5, abs=0.08)
    assert sum(lesson.sure for lesson in lessons) <= 4
    assert all("chance" in lesson.words for lesson in lessons if not lesson.sure)


def test_locked_directions_are_left_out():
    """The result is at right angles to each locked direction, also when those are not at right angles themselves."""
    w, other = axis(3), axis(4)
    locked = torch.stack([other, (other + axis(5)) / (other + axis(5)).norm(), other])
    for prior in (None, prior_of(jacobian_directions(random_G(nz=NZ), latents=2))):
        lesson = teach(*split((w + other) / (w + other).norm(), 200), locked, prior)
        assert float((locked @ lesson.vector).abs().max()) < 2e-3
        rest = w - torch.linalg.qr(locked[:2].T).Q @ (torch.linalg.qr(locked[:2].T).Q.T @ w)
        assert float(lesson.vector @ rest / rest.norm()) > 0.8


def test_when_all_is_locked_nothing_can_be_learned():
    """With every direction locked there is a sentence, not a division by zero."""
    with pytest.raises(RequestError, match="nothing is left"):
        teach(*split(axis(6), 30), torch.eye(NZ))


def test_the_prior_helps_where_traits_show():
    """With a dozen examples of each, a trait along a strong axis is found better when it is known which are strong."""
    axes = torch.linalg.qr(torch.randn(100, 8, generator=torch.Generator().manual_seed(0))).Q.T
    prior = prior_of(Directions(axes, torch.tensor([0.27, 0.14, 0.1, 0.06, 0.04, 0.04, 0.03, 0.03]), "test"))
    assert float(prior.trace()) == pytest.approx(1)
    w = axes[1]
    has, has_not = split(w, 60)
    plain, informed = (teach(has[:12], has_not[:12], prior=p).vector @ w for p in (None, prior))
    assert float(informed) > 0.7 > float(plain) + 0.2


def test_the_same_examples_give_the_same_direction():
    """Twice the same call, twice the same bits; exchanging the kinds turns the direction round."""
    has, has_not = split(axis(7), 40)
    first, again, turned = teach(has, has_not), teach(has, has_not), teach(has_not, has)
    assert torch.equal(first.vector, again.vector) and first.accuracy == again.accuracy
    torch.testing.assert_close(turned.vector, -first.vector, rtol=0, atol=2e-3)


@pytest.mark.parametrize(("has", "has_not"), [(2, 10), (10, 2), (0, 0), (201, 5)])
def test_too_few_and_too_many_are_refused(has, has_not):
    """Fewer than three of a kind, or more than two hundred, get a sentence with the numbers."""
    with pytest.raises(RequestError, match=f"{has} and {has_not}"):
        teach(torch.randn(has, NZ), torch.randn(has_not, NZ))


def test_words_are_honest():
    """Near chance it says so; with few examples it asks for more; otherwise it gives the figure beside guessing."""
    vector = torch.ones(1)
    assert "may be chance" in Lesson(vector, 0.6, 10, 10).words
    assert "may be chance" in Lesson(vector, 0.83, 3, 3).words
    assert "few more" in Lesson(vector, 1.0, 3, 3).words
    good = Lesson(vector, 0.91, 20, 24)
    assert good.sure and "91 % of 44" in good.words and "50 %" in good.words
