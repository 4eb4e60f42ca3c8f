"""Tests for `dcgan/latent/inversion.py`: the latent whose picture is nearest to a given one."""

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.latent import z_from_seeds
from dcgan.latent.inversion import invert
from dcgan.latent.prior import norm_range
from dcgan.models import Generator, make_networks


@pytest.fixture(scope="module")
def G() -> Generator:
    """Untrained, but with contrast, so that other latents are other pictures."""
    G, _ = make_networks(ModelConfig(image_size=32, nz=16, ngf=16, nc=1), 0)
    generator = torch.Generator().manual_seed(0)
    for layer in G.main:
        if isinstance(layer, torch.nn.ConvTranspose2d):
            layer.weight.data.normal_(0.0, (2.0 / layer.in_channels) ** 0.5 / 2, generator=generator)
    return G.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def targets(G):
    return G(z_from_seeds(range(9000, 9003), 16))


def test_generated_pictures_come_back(G, targets):
    """A generator's own pictures are found again almost exactly, from starts that were far, with usual norms."""
    found = invert(G, targets, candidates=40, evaluations=100)
    assert (found.rmse < 0.03).all() and (found.rmse < found.start_rmse / 4).all()
    drawn = (G(found.z) - targets).square().mean(dim=(1, 2, 3)).sqrt()
    torch.testing.assert_close(drawn, found.rmse)
    low, high = norm_range(16)
    assert ((found.z.norm(dim=1) > low - 0.01) & (found.z.norm(dim=1) < high + 0.01)).all()


def test_the_norm_stays_in_its_range_where_a_larger_one_would_be_nearer(G):
    """A picture that no latent of the prior draws is approached at the largest usual norm, not beyond it."""
    outside = G(4 * z_from_seeds([1], 16))
    found = invert(G, outside, candidates=40, evaluations=60)
    assert float(found.z.norm()) == pytest.approx(norm_range(16)[1], abs=0.01)
    assert float(found.rmse) < float(found.start_rmse)


def test_a_seed_gives_the_same_latent_again(G, targets):
    """Two searches with one seed agree to the last bit; another seed starts elsewhere."""
    first, again, other = (invert(G, targets[:1], seed=seed, candidates=16, evaluations=20) for seed in (1, 1, 2000))
    assert torch.equal(first.z, again.z) and not torch.equal(first.z, other.z)


def test_an_encoders_guess_is_taken_when_it_is_nearer(G, targets):
    """The search starts from the encoder's guess only if that is nearer than the best random candidate."""
    truth = z_from_seeds(range(9000, 9003), 16)
    plain = invert(G, targets[:1], candidates=8, evaluations=1)
    good = invert(G, targets[:1], candidates=8, evaluations=1, encoder=lambda pictures: truth[:1])
    bad = invert(G, targets[:1], candidates=8, evaluations=1, encoder=lambda pictures: -truth[:1])
    assert float(good.start_rmse) < 0.2 * float(plain.start_rmse)
    assert float(bad.start_rmse) <= float(plain.start_rmse)


def test_progress_rises_to_one_and_should_stop_ends_the_search(G, targets):
    """Progress never falls and ends at 1; once `should_stop` is true, the search returns the best latent so far."""
    seen = []
    whole = invert(G, targets[:2], candidates=16, evaluations=30, on_progress=lambda progress, z: seen.append(progress))
    assert seen == sorted(seen) and seen[0] > 0 and seen[-1] == 1
    calls = []
    part = invert(
        G,
        targets[:1],
        candidates=16,
        evaluations=30,
        on_progress=lambda *_: calls.append(1),
        should_stop=lambda: len(calls) > 6,
    )
    assert len(calls) == 7
    assert float(whole.rmse[0]) < float(part.rmse[0]) <= float(part.start_rmse[0])
