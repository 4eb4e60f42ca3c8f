"""Ways to draw from one G: what they change, and that the table is there."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dcgan.checkpoint import save_discriminator, save_generator
from dcgan.config import ModelConfig
from dcgan.errors import RequestError
from dcgan.images import to_float
from dcgan.latent.seeds import z_from_seeds
from dcgan.metrics.draws import DRAWS, Draw, draw_pictures, drawn_again
from dcgan.metrics.evaluate import sample_pictures
from dcgan.metrics.report import compare_draws
from dcgan.models import make_networks
from dcgan.store import ModelStore

CONFIG = ModelConfig(nc=1, nz=8, ngf=2, ndf=2, d_norm="none")


@pytest.fixture(scope="module")
def networks():
    """An untrained G and D in eval mode."""
    G, D = make_networks(CONFIG, 0)
    return G.eval(), D.eval()


def test_only_what_lies_outside_is_drawn_again():
    """Every number ends within the limit; those that lay within it are untouched."""
    z = z_from_seeds(range(50), 8)
    kept = drawn_again(z, 1.0, torch.Generator().manual_seed(0))
    assert kept.abs().max() <= 1
    assert torch.equal(kept[z.abs() <= 1], z[z.abs() <= 1]) and (kept != z).any()


def test_as_it_is_draws_the_seeds_pictures(networks):
    """The first of the ways is what everything else draws."""
    assert torch.equal(draw_pictures(*networks, 20, 5, DRAWS[0]), sample_pictures(networks[0], 20, 5))


def test_d_keeps_those_it_believes(networks):
    """Of twice as many pictures the half with the higher logits stays, in the seeds' order."""
    G, D = networks
    all_of_them = sample_pictures(G, 40, 0)
    logits = torch.stack([D(to_float(picture[None]))[0] for picture in all_of_them])
    kept = draw_pictures(G, D, 20, 0, Draw("half", keep=0.5))
    expected = all_of_them[logits >= logits.sort(descending=True).values[19]]
    assert torch.equal(kept, expected)


def test_shorter_latents_draw_other_pictures(networks):
    """psi 0 draws one picture again and again."""
    assert len(draw_pictures(*networks, 6, 0, Draw("mean", psi=0.0)).unique(dim=0)) == 1


def test_the_table_has_a_line_for_every_way(tmp_path, networks):
    """Scores of each way from a model's name; without a D a sentence says what is missing."""
    for name, count in (("train", 80), ("test", 40)):
        pictures = np.random.default_rng(count).integers(0, 256, (64, 64, count), dtype=np.uint8)
        np.save(tmp_path / f"{name}.npy", pictures)
    save_generator(tmp_path / "models" / "m" / "generator.safetensors", networks[0], {})
    store = ModelStore(tmp_path / "models", tmp_path / "runs")
    with pytest.raises(RequestError, match="discriminator"):
        compare_draws("m", f"npy:{tmp_path}", store, 40)
    save_discriminator(tmp_path / "models" / "m" / "discriminator.safetensors", networks[1], {})
    table = compare_draws("m", f"npy:{tmp_path}", store, 40)
    assert [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()[2:]] == [d.name for d in DRAWS]
