"""Frames of films."""

import av
import numpy as np
import pytest
import torch
from decoding import decode, duration

from dcgan.checkpoint import save_generator
from dcgan.config import ModelConfig
from dcgan.engine import films
from dcgan.engine.film_formats import FORMATS, write_film
from dcgan.engine.films import grid_seed
from dcgan.engine.renderer import Renderer
from dcgan.errors import RequestError
from dcgan.images import to_hwc, to_pil
from dcgan.latent import MAX_SEED, MODES, frame_count, z_from_seeds
from dcgan.models import make_networks
from dcgan.schema import Face, FilmSpec, encode_z, parse_film
from dcgan.store import ModelStore

GOOD = {"mode": "slerp", "seconds": 1.0, "fps": 12, "size": 64, "loop": False}
SEEDS = [1, 2, 3]


def spec(seeds=SEEDS, **fields):
    """Return the film through these seeds."""
    return parse_film({**GOOD, **fields, "faces": [{"seed": seed} for seed in seeds]})


def film_frames(renderer, seeds=SEEDS, **fields):
    """Return the frames of a film through these seeds."""
    return films.film_frames(renderer, "a", spec(seeds, **fields))


@pytest.fixture(scope="module")
def renderer(tmp_path_factory):
    """A renderer with one small model of random weights, 32 × 32."""
    folder = tmp_path_factory.mktemp("film")
    G, _ = make_networks(ModelConfig(image_size=32, nz=12, ngf=8, ndf=8), 0)
    with torch.no_grad():
        # BatchNorm statistics of real latents and a scaled last layer give pictures of high contrast.
        G.main[-2].weight.mul_(10)
        for module in G.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 1.0
        G(z_from_seeds(range(64), 12))
    save_generator(folder / "checkpoints" / "a" / "generator.safetensors", G, {})
    made = Renderer(ModelStore(folder / "checkpoints", folder / "runs"), "cpu")
    yield made
    made.close()


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_a_film_has_its_frames(renderer, mode, loop):
    """A film has round(seconds · fps) frames, uint8, of the requested size, which differ."""
    frames = list(film_frames(renderer, mode=mode, loop=loop))
    assert len(frames) == frame_count(1.0, 12) == 12
    assert all(frame.shape == (64, 64, 3) and frame.dtype == np.uint8 for frame in frames)
    assert frames[0].std() > 20
    assert not np.array_equal(frames[0], frames[1])


def test_a_film_without_a_loop_ends_at_its_last_seed(renderer):
    """The first and last frames are the enlarged pictures of the first and last seed, with equal pixels."""
    frames = list(film_frames(renderer, resample="nearest"))
    for frame, seed in ((frames[0], 1), (frames[-1], 3)):
        picture = to_hwc(renderer.render("a", renderer.latent("a", Face(seed=seed))[None])[0])
        assert np.array_equal(frame[::2, ::2], picture)
        assert np.array_equal(frame, picture.repeat(2, 0).repeat(2, 1))


def test_a_loop_closes(renderer):
    """The change from the last frame to the first is no larger than 1.5 times the largest change within the film."""
    frames = [f.astype(float) for f in film_frames(renderer, loop=True, seconds=3)]
    steps = [np.abs(b - a).mean() for a, b in zip(frames, [*frames[1:], frames[0]], strict=True)]
    assert steps[-1] < 1.5 * max(steps[:-1])


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_loop_closes_in_every_format(renderer, fmt, tmp_path):
    """A decoded loop has its frames, size and length, begins at its first seed, and has no jump at its end."""
    made = film_frames(renderer, durations=[1, 0.5, 0.5], loop=True, mode="cubic", fps=20)
    path = write_film(made, tmp_path / f"loop.{fmt}", 20)
    frames = [frame.astype(float) for frame in decode(fmt, path)]
    assert len(frames) == 40 and frames[0].shape == (64, 64, 3)
    assert duration(fmt, path) == pytest.approx(2, abs=0.06)
    begin = np.asarray(to_pil(renderer.render("a", z_from_seeds([1], 12))[0], 64)).astype(float)
    assert np.argmin([np.abs(frame - begin).mean() for frame in frames]) == 0
    steps = [np.abs(b - a).mean() for a, b in zip(frames, [*frames[1:], frames[0]], strict=True)]
    assert steps[-1] < 1.5 * max(steps[:-1])


def test_frames_are_computed_lazily(renderer):
    """A long film's frames are computed one at a time, and its iterator can be closed early."""
    frames = film_frames(renderer, seconds=60, fps=30)
    assert next(frames).shape == (64, 64, 3)
    frames.close()


@pytest.mark.parametrize("loop", [False, True])
def test_durations_determine_when_a_seed_is_shown(renderer, loop):
    """At 12 frames a second, durations of 1 and 2 s put seed 2 at frame 12 and, in a loop, seed 3 at frame 36."""
    fields = {"durations": [1, 2, 1], "loop": loop, "resample": "nearest"}
    film = spec(**fields)
    assert film.path.seconds == (4 if loop else 3) and film.count == 12 * film.path.seconds
    frames = list(film_frames(renderer, **fields))
    shown = {1: 0, 2: 12, 3: 36} if loop else {1: 0, 3: 35}
    for seed, number in shown.items():
        picture = to_hwc(renderer.render("a", z_from_seeds([seed], 12))[0])
        assert np.abs(frames[number][::2, ::2].astype(int) - picture).max() <= 1


def test_a_grid_shows_several_films_at_once(renderer):
    """Each cell of a 2 × 2 grid is a film at half the size, whose seeds differ by 1000 from the previous cell's."""
    frames = list(film_frames(renderer, grid=2, size=129, resample="nearest"))
    assert frames[0].shape == (128, 128, 3) and len(frames) == 12
    for i, (top, left) in enumerate([(0, 0), (0, 64), (64, 0), (64, 64)]):
        alone = film_frames(renderer, [seed + 1000 * i for seed in SEEDS], resample="nearest")
        for frame, whole in zip(frames, alone, strict=True):
            assert np.array_equal(frame[top : top + 64, left : left + 64], whole)
    assert grid_seed(MAX_SEED, 1) == 999


def test_a_grid_of_faces_with_latents_of_their_own_shows_a_different_film_in_each_cell(renderer):
    """The first cell is the film itself; each other cell goes through seeds, as its faces have none, and moves."""
    own = [encode_z(z_from_seeds([seed], 12)[0].tolist()) for seed in (5, 6)]
    faces = [{"z": own[0]}, {"z": own[1]}, {"z": own[0]}]
    fields = {**GOOD, "resample": "nearest", "size": 64}
    frames = list(films.film_frames(renderer, "a", parse_film({**fields, "grid": 2, "faces": faces})))
    cells = [[frame[top : top + 32, left : left + 32] for frame in frames] for top in (0, 32) for left in (0, 32)]
    alone = films.film_frames(renderer, "a", parse_film({**fields, "faces": faces}))
    assert all(np.array_equal(cell, whole[::2, ::2]) for cell, whole in zip(cells[0], alone, strict=True))
    for i, cell in enumerate(cells):
        assert not np.array_equal(cell[0], cell[len(cell) // 2])
        assert np.array_equal(cell[0], cell[-1])  # the path ends at the face with which it began
        assert not any(np.array_equal(cell[0], other[0]) for other in cells[:i])


def test_a_range_of_frames_equals_that_range_of_the_film(renderer):
    """Frames 4 to 7 computed alone equal frames 4 to 7 of the film."""
    whole = list(films.film_frames(renderer, "a", spec()))
    part = list(films.film_frames(renderer, "a", spec(), slice(4, 8)))
    assert len(part) == 4 and all(np.array_equal(a, b) for a, b in zip(part, whole[4:8], strict=True))


def test_a_film_can_be_written(renderer, tmp_path):
    """The decoded file of a film has its number of frames and its size."""
    path = write_film(film_frames(renderer), tmp_path / "film.mp4", 12)
    with av.open(str(path)) as container:
        frames = [(frame.width, frame.height) for frame in container.decode(video=0)]
    assert frames == [(64, 64)] * 12


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "spline"),
        ("mode", None),
        ("mode", ["slerp"]),
        ("resample", "soft"),
        ("easing", "bounce"),
        ("loop", 1),
        ("grid", 0),
        ("grid", 5),
        ("grid", 1.5),
        ("durations", []),
        ("durations", [1]),
        ("durations", [1, 1, 1, 1]),
        ("durations", [1, 0]),
        ("durations", [1, -2]),
        ("durations", [1, float("nan")]),
        ("durations", [1, "2"]),
        ("durations", [31, 30]),
        ("durations", 4),
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
        ("size", 5000),
        ("seconds", 600),
    ],
)
def test_values_out_of_range_are_refused(name, value):
    """Each invalid value raises RequestError with one short sentence, before any frame is computed."""
    with pytest.raises(RequestError) as caught:
        spec(**{name: value})
    assert str(caught.value).endswith(".") and len(str(caught.value)) < 200


@pytest.mark.parametrize("count", [0, 1, 65, 200])
def test_the_number_of_keyframes_is_limited(count):
    """Fewer than 2 or more than 64 keyframes raise RequestError with that range."""
    with pytest.raises(RequestError, match="2 to 64"):
        spec(range(count))


def test_too_many_frames_are_refused():
    """A film of too many frames raises RequestError with the seconds allowed, which are fewer for a grid."""
    assert isinstance(spec(seconds=60, fps=30), FilmSpec)
    with pytest.raises(RequestError, match="A film at 60 frames a second can last 30 s here, not 60 s"):
        spec(seconds=60, fps=60)
    with pytest.raises(RequestError, match=r"grid of 4 × 4 films at 60 frames a second can last 7\.5 s here, not 8 s"):
        spec(seconds=8, fps=60, grid=4)
    with pytest.raises(RequestError, match="2 stretches"):
        spec(durations=[1])


def test_a_loop_needs_a_duration_back_to_its_first_keyframe():
    """A loop through three keyframes needs three durations; a film without a loop ignores the third."""
    with pytest.raises(RequestError, match="3 stretches"):
        spec(durations=[1, 2], loop=True)
    assert spec(durations=[1, 2, 3], loop=True).path.durations == (1, 2, 3)
    assert spec(durations=[1, 2, 3]).path.durations == (1, 2)
