"""From a picture back to its latent."""

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.latent import z_from_seeds
from dcgan.latent.inversion import clamp_to_shell, invert, norm_range
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


@pytest.mark.parametrize("nz", [6, 16, 100])
def test_the_shell_holds_99_percent_of_the_prior(nz):
    """Of 20,000 random latents 99 % lie within, and about as many are too short as too long."""
    low, high = norm_range(nz)
    lengths = torch.randn(20_000, nz, generator=torch.Generator().manual_seed(0)).norm(dim=1)
    assert float((lengths < low).float().mean()) == pytest.approx(0.005, abs=0.002)
    assert float((lengths > high).float().mean()) == pytest.approx(0.005, abs=0.002)


def test_latents_are_moved_no_further_than_to_the_shell():
    """Long ones are shortened and short ones lengthened without turning; those within, and zero, are finite."""
    low, high = norm_range(16)
    z = torch.cat([torch.full((1, 16), 5.0), torch.full((1, 16), 0.1), torch.ones(1, 16), torch.zeros(1, 16)])
    kept = clamp_to_shell(z)
    assert kept.norm(dim=1)[:3].tolist() == pytest.approx([high, low, 4.0])
    assert torch.equal(kept[2], z[2]) and torch.isfinite(kept).all()


def test_generated_pictures_come_back(G, targets):
    """A generator's own pictures are found again almost exactly, from starts that were far, within the shell."""
    found = invert(G, targets, candidates=40, evaluations=100)
    assert (found.rmse < 0.03).all() and (found.rmse < found.start_rmse / 4).all()
    drawn = (G(found.z) - targets).square().mean(dim=(1, 2, 3)).sqrt()
    torch.testing.assert_close(drawn, found.rmse)
    low, high = norm_range(16)
    assert ((found.z.norm(dim=1) > low - 0.01) & (found.z.norm(dim=1) < high + 0.01)).all()


def test_the_latent_stays_in_the_shell_where_pixels_pull_it_out(G):
    """A picture that no latent of the prior draws is approached from the shell's edge, not beyond it."""
    outside = G(4 * z_from_seeds([1], 16))
    found = invert(G, outside, candidates=40, evaluations=60)
    assert float(found.z.norm()) == pytest.approx(norm_range(16)[1], abs=0.01)
    assert float(found.rmse) < float(found.start_rmse)


def test_a_seed_gives_the_same_latent_again(G, targets):
    """Two searches with one seed agree to the last bit; another seed starts elsewhere."""
    first, again, other = (invert(G, targets[:1], seed=seed, candidates=16, evaluations=20) for seed in (1, 1, 2000))
    assert torch.equal(first.z, again.z) and not torch.equal(first.z, other.z)


def test_an_encoders_guess_is_taken_when_it_is_nearer(G, targets):
    """The start is the encoder's where that is nearer than the crowd's best, and never a worse one."""
    truth = z_from_seeds(range(9000, 9003), 16)
    plain = invert(G, targets[:1], candidates=8, evaluations=1)
    good = invert(G, targets[:1], candidates=8, evaluations=1, encoder=lambda pictures: truth[:1])
    bad = invert(G, targets[:1], candidates=8, evaluations=1, encoder=lambda pictures: -truth[:1])
    assert float(good.start_rmse) < 0.2 * float(plain.start_rmse)
    assert float(bad.start_rmse) <= float(plain.start_rmse)


def test_progress_goes_up_to_one_and_stop_is_heard(G, targets):
    """Progress never falls and ends at 1; once told to stop, the search ends with what it has."""
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
