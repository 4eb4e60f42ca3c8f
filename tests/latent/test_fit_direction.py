"""Directions learned from examples."""

import pytest
import torch
from small_generator import random_G

from dcgan.config import ModelConfig
from dcgan.errors import RequestError
from dcgan.latent.fit_direction import FittedDirection, fit_direction
from dcgan.latent.jacobian import jacobian_metric
from dcgan.latent.seeds import z_from_seeds
from dcgan.models import make_networks

NZ = 24


@pytest.fixture(autouse=True)
def one_thread():
    """As on the renderer's workers."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def G():
    return random_G(nz=NZ)


@pytest.fixture(scope="module")
def D():
    _, D = make_networks(ModelConfig(image_size=32, nz=NZ, ngf=8, ndf=8, d_norm="none"), 1)
    return D.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def metric(G):
    return jacobian_metric(G).gram


@torch.no_grad()
def lit_from_the_left(G, z):
    """How much brighter the left half of each picture is than the right."""
    left, right = G(z).mean(1).chunk(2, dim=2)
    return left.mean((1, 2)) - right.mean((1, 2))


def split(G, seeds, threshold=0.0):
    z = z_from_seeds(seeds, NZ)
    bright = lit_from_the_left(G, z)
    middle = lit_from_the_left(G, z_from_seeds(range(500), NZ)).median()
    return z[bright > middle + threshold], z[bright <= middle + threshold]


@pytest.mark.parametrize("count", [30, 150])
@pytest.mark.parametrize("with_D", [True, False])
def test_a_trait_of_the_pictures_is_learned(G, D, metric, count, with_D):
    """With a D and without, the fitted direction increases the trait in faces that were not examples."""
    fitted = fit_direction(G, D if with_D else None, *split(G, range(count)), metric)
    assert float(fitted.vector.norm()) == pytest.approx(1, abs=1e-3)
    assert fitted.accuracy > 0.65 and fitted.sure
    new, middle = z_from_seeds(range(5000, 5300), NZ), lit_from_the_left(G, z_from_seeds(range(500), NZ)).median()
    less, more = (
        float((lit_from_the_left(G, new + amount * fitted.vector) > middle).float().mean()) for amount in (-2, 2)
    )
    assert less < 0.3 and more > 0.7


def test_the_rest_of_the_picture_stays(D):
    """For the same increase of the trait, the picture changes less than with a direction fitted without the metric."""
    G = random_G(nz=NZ)
    G.main[0].weight *= torch.logspace(0.5, -0.5, NZ)[:, None, None, None]  # some dimensions matter more than others

    def cost(vector):
        z = z_from_seeds(range(5000, 5200), NZ)
        before, after = G(z - 0.5 * vector), G(z + 0.5 * vector)
        gain = (lit_from_the_left(G, z + 0.5 * vector) - lit_from_the_left(G, z - 0.5 * vector)).mean()
        return float((after - before).square().mean().sqrt() / gain)

    has_it = split(G, range(100))
    natural, mere = (fit_direction(G, D, *has_it, m).vector for m in (jacobian_metric(G).gram, torch.eye(NZ)))
    assert 0 < cost(natural) < 0.85 * cost(mere)


def test_noise_is_not_learned(G, D, metric):
    """Random labels give about 50 % accuracy on average, and are hardly ever reported as certain."""
    fits = []
    for seed in range(20):
        z = z_from_seeds(range(1000 * seed, 1000 * seed + 30), NZ)
        heads = torch.rand(30, generator=torch.Generator().manual_seed(seed)).argsort() < 15
        fits.append(fit_direction(G, D, z[heads], z[~heads], metric))
    assert sum(fitted.accuracy for fitted in fits) / 20 == pytest.approx(0.5, abs=0.08)
    assert sum(fitted.sure for fitted in fits) <= 4
    assert all("chance" in fitted.words for fitted in fits if not fitted.sure)


def test_locked_directions_are_left_out(G, D, metric):
    """The result is at right angles to each locked direction, also when those are not at right angles themselves."""
    one, other = torch.randn(2, NZ, generator=torch.Generator().manual_seed(3))
    locked = torch.stack([one, one + 0.3 * other, one]) / one.norm()
    fitted = fit_direction(G, D, *split(G, range(100)), metric, locked)
    assert float((locked @ fitted.vector).abs().max()) < 2e-3
    new = z_from_seeds(range(5000, 5300), NZ)
    gain = lit_from_the_left(G, new + 2 * fitted.vector) - lit_from_the_left(G, new - 2 * fitted.vector)
    assert float((gain > 0).float().mean()) > 0.8


def test_when_all_is_locked_nothing_can_be_learned(G, D, metric):
    """With every direction locked there is a sentence, not a division by zero."""
    with pytest.raises(RequestError, match="none left to fit"):
        fit_direction(G, D, *split(G, range(30)), metric, torch.eye(NZ))


def test_the_same_examples_give_the_same_direction(G, D, metric):
    """The same call gives the same bits; exchanging the two lists of examples negates the direction."""
    has, has_not = split(G, range(40))
    first, again, turned = (
        fit_direction(G, D, *pair, metric) for pair in ((has, has_not), (has, has_not), (has_not, has))
    )
    assert torch.equal(first.vector, again.vector) and first.accuracy == again.accuracy
    torch.testing.assert_close(turned.vector, -first.vector, rtol=0, atol=2e-3)


@pytest.mark.parametrize(("has", "has_not"), [(2, 10), (10, 2), (0, 0), (201, 5)])
def test_too_few_and_too_many_are_refused(G, D, metric, has, has_not):
    """Fewer than three of a kind, or more than two hundred, get a sentence with the numbers."""
    with pytest.raises(RequestError, match=f"{has} and {has_not}"):
        fit_direction(G, D, torch.randn(has, NZ), torch.randn(has_not, NZ), metric)


def test_the_sentence_states_chance_and_few_examples():
    """Near chance the sentence says so; with few examples it asks for more; otherwise it compares with guessing."""
    vector = torch.ones(1)
    assert "may be chance" in FittedDirection(vector, 0.6, 10, 10).words
    assert "may be chance" in FittedDirection(vector, 0.83, 3, 3).words
    assert "More examples" in FittedDirection(vector, 1.0, 3, 3).words
    good = FittedDirection(vector, 0.91, 20, 24)
    assert good.sure and "91 % of 44" in good.words and "50 %" in good.words
