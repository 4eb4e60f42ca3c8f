"""Walks through latent space as frames."""

import av
import numpy as np
import pytest
import torch

from dcgan.checkpoint import save_generator
from dcgan.config import ModelConfig
from dcgan.errors import RequestError
from dcgan.film import film_frames, frame_count
from dcgan.images import to_hwc
from dcgan.latent import z_from_seeds
from dcgan.models import make_networks
from dcgan.sampler import Sampler
from dcgan.store import ModelStore
from dcgan.video import write_film

GOOD = {"seeds": [1, 2, 3], "mode": "slerp", "seconds": 1.0, "fps": 12, "size": 64, "loop": False}


@pytest.fixture(scope="module")
def sampler(tmp_path_factory):
    """A sampler with one small model of random weights, 32 × 32."""
    folder = tmp_path_factory.mktemp("film")
    G, _ = make_networks(ModelConfig(image_size=32, nz=12, ngf=8, ndf=8), 0)
    with torch.no_grad():
        # BatchNorms that have seen latents, and a strong last layer: pictures full of contrast
        G.main[-2].weight.mul_(10)
        for module in G.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 1.0
        G(z_from_seeds(range(64), 12))
    save_generator(folder / "checkpoints" / "a" / "generator.safetensors", G, {})
    made = Sampler(ModelStore(folder / "checkpoints", folder / "runs"), "cpu")
    yield made
    made.close()


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("mode", ["slerp", "lerp"])
def test_a_film_has_its_frames(sampler, mode, loop):
    """round(seconds · fps) frames of the wanted size, uint8, and they move."""
    frames = list(film_frames(sampler, "a", **{**GOOD, "mode": mode, "loop": loop}))
    assert len(frames) == frame_count(1.0, 12) == 12
    assert all(frame.shape == (64, 64, 3) and frame.dtype == np.uint8 for frame in frames)
    assert frames[0].std() > 20
    assert not np.array_equal(frames[0], frames[1])


def test_an_open_film_ends_on_its_last_seed(sampler):
    """The first and last frames are the pictures of the first and last seed, pixel for pixel when crisp."""
    frames = list(film_frames(sampler, "a", **GOOD, resample="crisp"))
    for frame, seed in ((frames[0], 1), (frames[-1], 3)):
        picture = to_hwc(sampler.render("a", sampler.latent("a", seed)[None])[0])
        assert np.array_equal(frame[::2, ::2], picture)
        assert np.array_equal(frame, picture.repeat(2, 0).repeat(2, 1))


def test_a_loop_closes(sampler):
    """The step from the last frame back to the first is like the steps inside the film."""
    frames = [f.astype(float) for f in film_frames(sampler, "a", **{**GOOD, "loop": True, "seconds": 3})]
    steps = [np.abs(b - a).mean() for a, b in zip(frames, [*frames[1:], frames[0]], strict=True)]
    assert steps[-1] < 1.5 * max(steps[:-1])


def test_frames_are_made_as_they_are_taken(sampler):
    """A long film costs nothing until it is read, and closing it early is fine."""
    frames = film_frames(sampler, "a", **{**GOOD, "seconds": 60, "fps": 30})
    assert next(frames).shape == (64, 64, 3)
    frames.close()


def test_psi_acts_on_the_film(sampler):
    """With psi 0 every frame is the picture of the origin."""
    frames = list(film_frames(sampler, "a", **GOOD, psi=0.0))
    assert all(np.array_equal(frame, frames[0]) for frame in frames)


def test_a_film_can_be_written(sampler, tmp_path):
    """From seeds to a file: the decoded film has the frames and the size."""
    path = write_film(film_frames(sampler, "a", **GOOD), tmp_path / "film.mp4", 12)
    with av.open(str(path)) as container:
        frames = [(frame.width, frame.height) for frame in container.decode(video=0)]
    assert frames == [(64, 64)] * 12


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seeds", []),
        ("seeds", [1]),
        ("seeds", "12"),
        ("seeds", [1, -2]),
        ("seeds", [1, "2"]),
        ("seeds", [1] * 65),
        ("mode", "spline"),
        ("mode", None),
        ("mode", ["slerp"]),
        ("resample", "soft"),
        ("resample", []),
        ("seconds", 0),
        ("seconds", 61),
        ("seconds", float("nan")),
        ("seconds", "4"),
        ("fps", 0.5),
        ("fps", 61),
        ("fps", float("inf")),
        ("size", 63),
        ("size", 1025),
        ("size", 100.5),
        ("psi", 3),
    ],
)
def test_bad_wishes_are_refused_at_once(sampler, name, value):
    """Each value out of its limits is a RequestError when the film is asked for, before its first frame."""
    with pytest.raises(RequestError):
        film_frames(sampler, "a", **{**GOOD, name: value})


def test_too_many_frames_are_refused(sampler):
    """A film within each limit but of too many frames gets the number it may have."""
    with pytest.raises(RequestError, match="1800"):
        film_frames(sampler, "a", **{**GOOD, "seconds": 60, "fps": 60})
