"""A G whose latent space is bent away from what a jury finds broken."""

from __future__ import annotations

import pytest
import torch

from dcgan.config import ModelConfig
from dcgan.latent import z_from_seeds
from dcgan.models import make_networks
from dcgan.training.jury import Jury
from dcgan.training.mend import FIRST_SEED, LEFT, enough_for, fold, mend, walk

NZ = 6
CONFIG = ModelConfig(image_size=32, nc=1, nz=NZ, ngf=8, ndf=8, d_norm="none")


@pytest.fixture(scope="module")
def made():
    """A fresh G in eval mode with its BatchNorm settled, and a jury that calls uneven pictures broken."""
    G, D = make_networks(CONFIG, 1)
    for layer in G.main[::3]:
        layer.weight.data.mul_(10)  # fresh weights draw next to nothing
    with torch.no_grad():
        for _ in range(50):
            G(torch.randn(64, NZ, generator=torch.Generator().manual_seed(0)))
    return G.eval().requires_grad_(False), _Even(D)


class _Even(Jury):
    """Finds broken what is much brighter or darker above than below, which a mirror leaves alone."""

    def forward(self, pictures):
        above, below = pictures[:, :, :16].mean(dim=(1, 2, 3)), pictures[:, :, 16:].mean(dim=(1, 2, 3))
        return 10 * (above - below).square()


def opinions(G, jury, seeds):
    with torch.no_grad():
        return jury(G(z_from_seeds(seeds, NZ)))


def test_a_walk_ends_where_the_jury_is_content(made):
    """What the jury finds worse than enough is walked until it does not; the rest stays; no length changes."""
    G, jury = made
    z = z_from_seeds(range(200), NZ)
    enough = opinions(G, jury, range(200)).quantile(0.6)
    walked = walk(G, jury, z, enough)
    before, after = jury(G(z)), jury(G(walked))
    assert (after <= enough).float().mean() > 0.95
    assert torch.equal(walked[before <= enough], z[before <= enough])
    assert (walked != z).any(dim=1).float().mean() == pytest.approx(0.4, abs=0.02)
    torch.testing.assert_close(walked.norm(dim=1), z.norm(dim=1))


def test_a_walk_goes_alone(made):
    """Where a latent walks to does not depend on the others of its batch."""
    G, jury = made
    z = z_from_seeds(range(20), NZ)
    torch.testing.assert_close(walk(G, jury, z[3:4], -9.0), walk(G, jury, z, -9.0)[3:4], atol=1e-4, rtol=0)


def test_enough_is_a_share_of_its_own_pictures(made):
    """LEFT of G's pictures are left as they are."""
    G, jury = made
    z = z_from_seeds(range(400), NZ)
    share = (opinions(G, jury, range(400)) <= enough_for(G, jury, z)).float().mean()
    assert share == pytest.approx(LEFT, abs=0.01)


def test_a_folded_matrix_is_a_matrix_on_z(made):
    """The folded G draws at z what G draws at z @ matrix; G itself is left alone."""
    G, _ = made
    z = z_from_seeds(range(8), NZ)
    matrix = torch.randn(NZ, NZ, generator=torch.Generator().manual_seed(2))
    before = G(z)
    torch.testing.assert_close(fold(G, matrix)(z), G(z @ matrix), atol=1e-4, rtol=0)
    assert torch.equal(G(z), before)


def test_a_mended_model_draws_less_that_the_jury_finds_broken(made):
    """On other latents its worst tenth is better, the more the stronger; with strength 0 nothing changes."""
    G, jury = made
    new = range(5000, 5400)
    worst = [opinions(mend(G, jury, 600, s), jury, new).quantile(0.9).item() for s in (0.0, 0.5, 1.0)]
    assert worst[0] == pytest.approx(opinions(G, jury, new).quantile(0.9).item(), abs=1e-4)
    assert worst[2] < worst[1] < 0.9 * worst[0]


def test_only_the_first_layer_changes_and_the_same_way_each_time(made):
    """Two mendings give the same weights, and all but the first layer's are G's own."""
    G, jury = made
    one, two = (mend(G, jury, 300, 1.0).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert [name for name, w in G.state_dict().items() if not torch.equal(w, one[name])] == ["main.0.weight"]


def test_how_far_it_is(made):
    """It says how many latents are walked, up to all of them; their seeds are none that people type."""
    G, jury = made
    done: list[int] = []
    mend(G, jury, 250, 1.0, done.append)
    assert done == [100, 200, 250]
    assert FIRST_SEED >= 1_000_000
