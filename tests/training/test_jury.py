"""A jury that has looked at judged pictures, and what it does to G."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dcgan.checkpoint import load_discriminator
from dcgan.config import make_config
from dcgan.data import open_dataset
from dcgan.errors import CheckpointError, ConfigError, DatasetError
from dcgan.images import to_float
from dcgan.models import make_networks
from dcgan.training.jury import Jury, load_jury, make_jury, save_jury
from dcgan.training.step import make_state, train_step

ROOT = Path(__file__).parents[2]
CPU = torch.device("cpu")
SMALL = {"image_size": 32, "nc": 1, "nz": 6, "ngf": 4, "ndf": 16, "d_norm": "none", "batch": 16, "init": "small"}


def config(**differs):
    return make_config("tutorial", "doodles", {**SMALL, **differs})


def doodles(count, seed):
    return open_dataset(f"doodles:{count}?seed={seed}", 32, 1).pictures


def spoiled(pictures):
    """Without the lower half of what is drawn: nothing but its place in the picture tells it from a whole one."""
    pictures = pictures.clone()
    pictures[:, :, 16:] = pictures[:, :, 8:9]
    return pictures


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Sixty broken pictures and eighty whole ones as arrays, height × width × count."""
    folder = tmp_path_factory.mktemp("judged")
    for kind, pictures in (("broken", spoiled(doodles(60, 1))), ("whole", doodles(80, 2))):
        np.save(folder / f"{kind}.npy", pictures[:, 0].permute(1, 2, 0).numpy())
    return folder


@pytest.fixture(scope="module")
def jury(judged):
    _, D = make_networks(config().model, 3)
    return make_jury(D, judged, doodles(300, 3), 0.5)


def test_new_pictures_are_told_apart(jury):
    """Pictures it has not seen: a broken one is surer to be called so than a whole one in 95 of 100 pairs."""
    whole, broken = (jury(to_float(p)) for p in (doodles(200, 4), spoiled(doodles(200, 5))))
    assert (broken[:, None] > whole[None]).float().mean() > 0.95


def test_broken_pictures_cost_and_whole_ones_do_not(jury):
    """New real pictures cost as much as is free; broken ones more, the more of them the more; whole ones nothing."""
    rng = torch.Generator().manual_seed(0)
    reals, broken = to_float(doodles(200, 4)), to_float(spoiled(doodles(200, 5)))
    assert jury.charge(reals, rng) == pytest.approx(jury.free.item(), abs=0.1)
    half = torch.cat([reals[:100], broken[:100]])
    assert 0.3 < jury.charge(half, rng) < jury.charge(broken, rng)
    whole = reals[jury(reals) < jury(reals).median()]
    assert jury.charge(whole, rng) == 0


def test_folders_of_pictures_do_as_well_as_arrays(jury, judged, tmp_path):
    """The same pictures as files in two folders make the same jury."""
    for kind in ("broken", "whole"):
        (tmp_path / kind).mkdir()
        for i, picture in enumerate(np.load(judged / f"{kind}.npy").transpose(2, 0, 1)):
            Image.fromarray(picture).save(tmp_path / kind / f"{i:03d}.png")
    _, D = make_networks(config().model, 3)
    other = make_jury(D, tmp_path, doodles(300, 3), 0.5)
    torch.testing.assert_close(other.weight, jury.weight)


def test_learning_is_told_and_can_be_stopped(judged):
    """Each lesson is reported, to the last; what the report raises ends it at once."""
    _, D = make_networks(config().model, 3)
    told = []

    def report(done, of):
        told.append((done, of))
        if done == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        make_jury(D, judged, doodles(300, 3), 0.25, report)
    assert told == [(1, 400), (2, 400), (3, 400)]


def test_a_jury_is_kept(jury, tmp_path):
    """Written and read, with whatever D, it says the same bit for bit; another D's shape is refused."""
    save_jury(tmp_path / "jury.safetensors", jury)
    _, D = make_networks(config().model, 4)
    pictures = to_float(doodles(20, 6))
    kept = load_jury(tmp_path / "jury.safetensors", D)
    assert torch.equal(kept(pictures), jury(pictures)) and not any(p.requires_grad for p in kept.parameters())
    _, wider = make_networks(config(ndf=24).model, 3)
    with pytest.raises(CheckpointError, match=r"jury.safetensors: the weight .* has the shape"):
        load_jury(tmp_path / "jury.safetensors", wider)


def test_d_goes_on_and_the_jury_stays():
    """Training changes D and leaves the jury's eyes as they were."""
    settings = config(lr_d=0.01)
    state = make_state(settings, CPU)
    state.jury = Jury(state.D)
    pictures = to_float(doodles(20, 6))
    before = state.jury(pictures)
    train_step(state, doodles(16, 7), settings, torch.Generator().manual_seed(0), bf16=False)
    assert not torch.equal(state.D.main[0].weight, state.jury.D.main[0].weight)
    assert torch.equal(state.jury(pictures), before)


def test_g_is_charged_for_broken_pictures(judged):
    """After 60 steps from the same weights with the same draws, a G that the jury charges draws what it minds less."""
    logits = {}
    jury = make_jury(make_state(config(), CPU).D, judged, doodles(300, 3), 0.25)
    jury.free.zero_()  # all that it minds is charged
    for weight in (0.0, 100.0):
        settings = config(lr_g=1e-3, judged_weight=weight or 1.0)
        state = make_state(settings, CPU)
        state.jury = jury if weight else None
        for step in range(60):
            train_step(state, doodles(16, step), settings, torch.Generator().manual_seed(step), bf16=False)
        z = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
        logits[weight] = jury(state.G.eval()(z)).mean().item()
    assert logits[100.0] < logits[0.0] - 0.5


def test_what_cannot_be_judged_by_says_why(tmp_path, judged):
    """No folder, too few pictures, no pictures at all; and a jury with a D that has seen nothing."""
    _, D = make_networks(config().model, 3)
    reals = doodles(20, 3)
    with pytest.raises(DatasetError, match=r"The judged pictures: .*broken"):
        make_jury(D, tmp_path / "nowhere", reals, 0.25)
    np.save(tmp_path / "broken.npy", np.load(judged / "broken.npy")[:, :, :7])
    with pytest.raises(DatasetError, match="holds 7 broken pictures; judge at least 8"):
        make_jury(D, tmp_path, reals, 0.25)
    np.save(tmp_path / "broken.npy", np.load(judged / "broken.npy"))
    with pytest.raises(DatasetError, match=r"The judged pictures: .*whole"):
        make_jury(D, tmp_path, reals, 0.25)
    with pytest.raises(ConfigError, match="judged needs init"):
        config(judged="somewhere", init="")


@pytest.mark.parametrize("norm", ["batch", "spectral", "none"])
def test_any_d_can_lend_its_eyes(norm):
    """The last hidden layer is found whatever D has around it, and no picture's reading depends on its neighbours."""
    _, D = make_networks(config(d_norm=norm, mbstd=4).model, 3)
    jury = Jury(D)
    pictures = to_float(doodles(8, 1))
    torch.testing.assert_close(jury.features(pictures)[:3], jury.features(pictures[:3]))


@pytest.mark.slow
def test_what_is_judged_for_faces_can_be_learned(tmp_path, monkeypatch):
    """Some lessons with half of what was judged first: of the rest, a broken face beats a whole one in 7 of 10 pairs.

    With few lessons the faces judged later, of a better G, are told hardly as well (0.70 to 0.71 with them).
    """
    monkeypatch.setattr("dcgan.training.jury.PASSES", 8)
    monkeypatch.setattr("dcgan.training.jury.FEWEST_LESSONS", 90)
    D = load_discriminator(ROOT / "checkpoints" / "faces" / "discriminator.safetensors")
    first = {"broken": 392, "whole": 1200}
    judged = {kind: np.load(ROOT / "assets" / "judged" / f"{kind}.npy")[:, :, :n] for kind, n in first.items()}
    for kind, pictures in judged.items():
        np.save(tmp_path / f"{kind}.npy", pictures[:, :, ::2])
    new = {kind: to_float(torch.from_numpy(p[:, :, 1::2]).permute(2, 0, 1)[:, None]) for kind, p in judged.items()}
    jury = make_jury(D, tmp_path, torch.from_numpy(judged["whole"][:, :, ::2]).permute(2, 0, 1)[:, None], 0.25)
    with torch.no_grad():
        broken_over_whole = jury(new["broken"])[:, None] > jury(new["whole"])[None]
    assert broken_over_whole.float().mean() > 0.7
