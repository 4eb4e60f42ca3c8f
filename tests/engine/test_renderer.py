"""The renderer: pictures, latents, directions, scores and inversion of models by name."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from dcgan.checkpoint import load_discriminator, load_generator, save_discriminator, save_generator
from dcgan.config import ModelConfig
from dcgan.device import choose_device
from dcgan.engine.directions_file import load_directions
from dcgan.engine.renderer import Renderer
from dcgan.errors import CheckpointError, ConfigError, RequestError
from dcgan.folded import FoldedGenerator
from dcgan.images import to_float, to_uint8
from dcgan.latent import z_from_seed, z_from_seeds
from dcgan.latent.encoder import make_encoder, save_encoder
from dcgan.models import make_networks
from dcgan.schema import METHODS, Face
from dcgan.store import ModelStore

SMALL = ModelConfig(image_size=32, nz=12, ngf=8, ndf=8)


def lively_networks(seed, config=SMALL):
    """Random networks; BatchNorm statistics of real latents and a scaled last layer give pictures of high contrast."""
    G, D = make_networks(config, seed)
    with torch.no_grad():
        G.main[-2].weight.mul_(10)
        for module in G.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 1.0
        G(z_from_seeds(range(64), config.nz))
    return G.eval(), D


def save_model(folder, seed=0, config=SMALL, with_D=True, **info):
    G, D = lively_networks(seed, config)
    save_generator(folder / "generator.safetensors", G, info)
    if with_D:
        save_discriminator(folder / "discriminator.safetensors", D, info)


def edited_face(seed, *edits, psi=1.0):
    """Return a seed's face with edits given as JSON."""
    return Face(seed=seed, psi=psi, edits=edits)


@pytest.fixture
def store(tmp_path):
    """Two small models, one without a discriminator."""
    save_model(tmp_path / "checkpoints" / "a", seed=1, nimg=64000, data="doodles", preset="tutorial")
    save_model(tmp_path / "checkpoints" / "b", seed=2, with_D=False)
    return ModelStore(tmp_path / "checkpoints", tmp_path / "runs")


@pytest.fixture
def renderer(store):
    """A renderer on the CPU, ended after the test."""
    made = Renderer(store, "cpu")
    yield made
    made.close()


def test_pictures_equal_those_of_the_stored_generator(store, renderer):
    """A picture equals G(z) in eval mode, up to one gray level."""
    z = z_from_seeds([1, 2, 3], 12)
    pictures = renderer.render("a", z)
    expected = to_uint8(load_generator(store.generator_path("a")).G(z))
    assert pictures.dtype == torch.uint8 and pictures.shape == (3, 3, 32, 32)
    assert int((pictures.int() - expected.int()).abs().max()) <= 1
    assert float(expected.float().std(0).mean()) > 20


def test_the_same_latent_gives_the_same_bits_at_full_size(tmp_path):
    """At the tutorial's widths, a latent's picture is the same alone, in a batch, and with concurrent requests."""
    save_model(tmp_path / "checkpoints" / "full", config=ModelConfig(), with_D=False)
    renderer = Renderer(ModelStore(tmp_path / "checkpoints", tmp_path / "runs"), "cpu")
    z = z_from_seeds(range(16), 100)
    alone = torch.stack([renderer.render("full", one[None])[0] for one in z])
    assert torch.equal(renderer.render("full", z), alone)
    assert torch.equal(renderer.render("full", z.flip(0)).flip(0), alone)
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda i: renderer.render("full", z[i % 16][None])[0], range(64)))
    assert all(torch.equal(picture, alone[i % 16]) for i, picture in enumerate(loaded))
    renderer.close()


def test_fifty_threads_get_their_pictures(renderer):
    """Fifty threads that use two models at the same time each get the correct picture."""
    expected = {name: renderer.render(name, z_from_seeds(range(50), 12)) for name in "ab"}
    barrier, wrong = threading.Barrier(50), []

    def visit(seed):
        barrier.wait(30)
        for name in "abab":
            if not torch.equal(renderer.render(name, z_from_seed(seed, 12)[None])[0], expected[name][seed]):
                wrong.append((name, seed))

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(visit, range(50)))
    assert not wrong


def test_info_comes_from_the_models_file(renderer):
    """`info` returns the facts of the file's header, and defaults for missing ones."""
    info = renderer.info("a")
    assert (info.nz, info.image_size, info.nc, info.nimg) == (12, 32, 3, 64000)
    assert (info.data, info.preset, info.has_discriminator) == ("doodles", "tutorial", True)
    assert (renderer.info("b").nimg, renderer.info("b").has_discriminator) == (0, False)
    assert renderer.device.type == "cpu" and renderer.device_label.startswith("CPU")


def test_an_unknown_model_is_refused(renderer):
    """An unknown name raises CheckpointError, which lists the known names."""
    for call in (renderer.info, renderer.directions, lambda name: renderer.latent(name, Face(seed=1))):
        with pytest.raises(CheckpointError, match="a, b"):
            call("missing")


def test_a_changed_file_is_loaded_again(store, renderer):
    """After a model's file has changed, pictures come from the new weights."""
    z = z_from_seeds([1], 12)
    before = renderer.render("a", z)
    save_model(store.checkpoints / "a", seed=99)
    os.utime(store.generator_path("a"), ns=(1, 1))
    assert not torch.equal(renderer.render("a", z), before)


def test_a_runs_name_stands_for_its_newest_snapshot(store, renderer):
    """Pictures of a run change when it writes a new snapshot."""
    z = z_from_seeds([1], 12)
    pictures = []
    for nimg in (1000, 2000):
        G, _ = lively_networks(nimg)
        save_generator(store.runs / "r1" / "snapshots" / f"{nimg:09d}.safetensors", G, {"nimg": nimg})
        pictures.append(renderer.render("run:r1", z))
        assert renderer.info("run:r1").nimg == nimg
    assert not torch.equal(*pictures)


def test_latents_are_seed_truncation_and_edits(renderer):
    """A latent is psi · z(seed) plus each edit's amount times its axis."""
    z = z_from_seed(5, 12)
    assert torch.equal(renderer.latent("a", Face(seed=5)), z)
    assert torch.equal(renderer.latent("a", Face(seed=5, psi=0.5)), 0.5 * z)
    axes = renderer.directions("a").axes
    edited = renderer.latent("a", edited_face(5, {"dim": 3, "amount": 1.5}, {"direction": 1, "amount": -2}, psi=0.5))
    expected = 0.5 * z - 2 * axes[1]
    expected[3] += 1.5
    torch.testing.assert_close(edited, expected)
    for method in ("sefa", "pca"):
        axis = renderer.directions("a", method).axes[2]
        assert not any(torch.allclose(axis, other, atol=1e-3) for other in axes)
        torch.testing.assert_close(
            renderer.latent("a", edited_face(5, {"direction": 2, "method": method, "amount": 3})), z + 3 * axis
        )
    vector = tuple((axes[0] - axes[1]).div(2**0.5).tolist())
    own = renderer.latent("a", edited_face(5, {"vector": vector, "amount": 2}))
    torch.testing.assert_close(own, z + 2 * torch.tensor(vector))


def test_bad_requests_are_refused(renderer):
    """Values out of range, missing dimensions and directions, and latents of a wrong shape raise RequestError."""
    for fields in ({"seed": -1}, {"seed": "1x"}, {"psi": 3.0}, {"psi": float("nan")}, {"psi": True}):
        with pytest.raises(RequestError):
            renderer.latent("a", Face(**fields))
    with pytest.raises(RequestError, match="of another model"):
        renderer.latent("a", Face(z=(0.6, 0.8)))
    with pytest.raises(RequestError, match="0 to 11"):
        renderer.latent("a", edited_face(1, {"dim": 12, "amount": 1}))
    with pytest.raises(RequestError, match="0 to 7"):
        renderer.latent("a", edited_face(1, {"direction": 8, "amount": 1}))
    with pytest.raises(RequestError):
        renderer.latent("a", edited_face(1, {"dim": 1, "amount": 11}))
    with pytest.raises(RequestError, match="of another model"):
        renderer.latent("a", edited_face(1, {"vector": (0.6, 0.8), "amount": 1}))
    for z in (torch.zeros(12), torch.zeros(1, 13), torch.full((1, 12), float("nan"))):
        with pytest.raises(RequestError, match="finite latents"):
            renderer.render("a", z)


def test_an_empty_batch_gives_no_pictures(renderer):
    """An empty batch of latents gives an empty batch of pictures."""
    assert renderer.render("a", torch.empty(0, 12)).shape == (0, 3, 32, 32)


def test_directions_are_computed_once_and_stored_in_the_models_folder(store, renderer):
    """The first call writes the file; another renderer reads the same axes from it."""
    found = renderer.directions("a")
    assert renderer.directions("a") is found
    assert store.directions_path("a").is_file()
    other = Renderer(store, "cpu")
    assert torch.equal(other.directions("a").axes, found.axes)
    other.close()


def test_one_file_holds_the_directions_of_all_methods(store, renderer):
    """Another renderer reads the directions of each method from the same file."""
    found = {method: renderer.directions("a", method) for method in METHODS}
    other = Renderer(store, "cpu")
    for method, directions in found.items():
        assert torch.equal(other.directions("a", method).axes, directions.axes)
    other.close()
    kept = load_directions(store.directions_path("a")).found
    assert set(kept) == set(METHODS) and len({entry.generator for entry in kept.values()}) == 1


def test_directions_are_cached_in_memory_if_the_folder_is_read_only(store):
    """If `can_write` is false, directions are computed and cached, and no file appears."""
    renderer = Renderer(store, "cpu", can_write=lambda model: model != "a")
    assert renderer.directions("a") is renderer.directions("a")
    renderer.directions("b")
    renderer.close()
    assert not store.directions_path("a").exists() and store.directions_path("b").exists()


def test_every_kind_of_model_has_directions(store, renderer):
    """A run's newest and best snapshots have directions of all methods; a newer snapshot has different ones."""
    for nimg in (1000, 2000):
        G, _ = lively_networks(nimg)
        save_generator(store.runs / "r2" / "snapshots" / f"{nimg:09d}.safetensors", G, {})
        if nimg == 1000:
            save_generator(store.runs / "r2" / "best" / "generator.safetensors", G, {})
            old = {method: renderer.directions("run:r2", method).axes for method in METHODS}
    for method in METHODS:
        assert torch.equal(renderer.directions("best:r2", method).axes, old[method])
        assert not torch.equal(renderer.directions("run:r2", method).axes, old[method])


@pytest.mark.parametrize("harm", ["cut", "other weights", "nonsense"])
def test_invalid_directions_are_computed_again(store, harm):
    """A damaged file, or one of other weights, is ignored and the directions are computed again."""
    first = Renderer(store, "cpu")
    right = first.directions("a")
    other = first.directions("b")
    first.close()
    path = store.directions_path("a")
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:50])
    elif harm == "nonsense":
        path.write_text("nonsense")
    else:
        path.write_bytes(store.directions_path("b").read_bytes())
        assert not torch.equal(other.axes, right.axes)
    again = Renderer(store, "cpu")
    assert torch.equal(again.directions("a").axes, right.axes)
    again.close()


def test_scores_are_the_discriminators_logits(store, renderer):
    """Scores are the logits [N] of D, each computed for one picture alone; None if the model has no D."""
    pictures = renderer.render("a", z_from_seeds([1, 2, 3], 12))
    logits = renderer.logits("a", pictures)
    expected = load_discriminator(store.discriminator_path("a"))(to_float(pictures))
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)
    assert torch.equal(renderer.logits("a", pictures[1:2])[0], logits[1])
    assert renderer.logits("b", pictures) is None
    with pytest.raises(RequestError, match="takes uint8"):
        renderer.logits("a", pictures[:, :, :16, :16])


def test_inversion_works_with_and_without_an_encoder(store, renderer):
    """Inversion reduces the distance; an encoder is used only if it was trained for these weights."""
    picture = renderer.render("a", z_from_seeds([70_000], 12))
    plain = renderer.invert("a", picture)
    assert float(plain.rmse[0]) < float(plain.start_rmse[0])
    path = store.encoder_path("a")
    G = load_generator(store.generator_path("a")).G
    save_encoder(path, make_encoder(G.config, 0), "of other weights")
    assert torch.equal(renderer.invert("a", picture).z, plain.z)
    save_encoder(path, make_encoder(G.config, 0), FoldedGenerator(G).fingerprint())
    assert not torch.equal(renderer.invert("a", picture).z, plain.z)
    path.unlink()
    with pytest.raises(RequestError, match="takes uint8"):
        renderer.invert("a", picture[:, :, :16, :16])


def test_a_device_is_chosen(monkeypatch):
    """The CPU is chosen on request and on ZeroGPU; an unknown device raises ConfigError with the choices."""
    assert choose_device("cpu").type == "cpu"
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert choose_device().type == "cpu"
    with pytest.raises(ConfigError, match="choose one of: cpu"):
        choose_device("toaster")
