"""The built-in data set: faces drawn from named factors."""

from __future__ import annotations

import itertools
import os
import random
import sys

import numpy as np
import pytest
import torch
from torch import Tensor

from dcgan.data.doodles import FACTORS, draw, make, make_doodles
from dcgan.errors import DatasetError

# A face on which every factor can be seen: hair to colour, nothing in front of the eyes.
PLAIN = dict.fromkeys(FACTORS, 0) | {"hair": FACTORS["hair"].index("crop"), "turn": 1, "tilt": 1}


@pytest.fixture(scope="module")
def some() -> tuple[Tensor, dict[str, Tensor]]:
    """500 faces, 64 × 64."""
    return make_doodles(500, seed=7, size=64)


@pytest.fixture(scope="module")
def many() -> tuple[Tensor, dict[str, Tensor]]:
    """3,000 faces, 16 × 16."""
    return make_doodles(3000, seed=0, size=16)


def picture(size: int = 64, jitter: int = 3, **factors: int) -> np.ndarray:
    """PLAIN with some factors changed, as int array [size, size, 3]."""
    return np.asarray(draw({**PLAIN, **factors}, random.Random(jitter), size)).astype(int)


def changed_pixels(a: np.ndarray, b: np.ndarray) -> int:
    """Number of pixels of which some channel differs by more than a glance would miss."""
    return int((np.abs(a - b).max(axis=2) > 32).sum())


def distinct(pictures: Tensor) -> int:
    return len({row.tobytes() for row in pictures.numpy()})


def test_shapes_and_types(some):
    """Pictures are uint8 [N, 3, S, S]; each factor is int64 [N] with values it has names for."""
    pictures, factors = some
    assert pictures.shape == (500, 3, 64, 64) and pictures.dtype == torch.uint8 and pictures.is_contiguous()
    assert list(factors) == list(FACTORS)
    for name, values in factors.items():
        assert values.shape == (500,) and values.dtype == torch.int64
        assert set(values.tolist()) <= set(range(len(FACTORS[name])))


def test_same_seed_same_bytes(some):
    """The same seed and count give the same pictures and factors, another seed gives others."""
    again, factors = make_doodles(40, seed=7, size=64)
    other, _ = make_doodles(40, seed=8, size=64)
    assert torch.equal(again, make_doodles(40, seed=7, size=64)[0])
    assert all(torch.equal(factors[name], some[1][name][:40]) for name in FACTORS)
    assert not any(torch.equal(a, b) for a, b in zip(again, other, strict=True))


def test_picture_does_not_depend_on_count(some):
    """A smaller set is the beginning of a larger one."""
    fewer, _ = make_doodles(30, seed=7, size=64)
    assert torch.equal(fewer, some[0][:30])


def test_global_random_state_plays_no_part():
    """Neither reads nor moves Python's, numpy's or torch's own generators."""
    random.seed(1)
    before = random.getstate()
    first, _ = make_doodles(3, seed=0, size=32)
    assert random.getstate() == before
    random.seed(2)
    assert torch.equal(first, make_doodles(3, seed=0, size=32)[0])


def test_every_value_is_frequent(many):
    """At least 5 % of the faces have each value of each factor; about half have no glasses, no beard or no hat."""
    _, factors = many
    for name, names in FACTORS.items():
        share = torch.bincount(factors[name], minlength=len(names)) / len(factors[name])
        assert float(share.min()) > 0.05, f"{name}: {share.tolist()}"
    for name in ("glasses", "beard", "hat"):
        assert 0.45 < float((factors[name] == 0).float().mean()) < 0.55


def test_factors_are_independent(many):
    """No two factors are correlated: for every pair, χ² is no larger than chance makes it."""
    _, factors = many
    for a, b in itertools.combinations(FACTORS, 2):
        table = torch.zeros(len(FACTORS[a]), len(FACTORS[b]))
        table.index_put_((factors[a], factors[b]), torch.ones(len(factors[a])), accumulate=True)
        expected = table.sum(1, keepdim=True) * table.sum(0, keepdim=True) / table.sum()
        chi2 = float(((table - expected) ** 2 / expected).sum())
        freedom = (len(FACTORS[a]) - 1) * (len(FACTORS[b]) - 1)
        # Five standard deviations above the mean of chi²: one pair in a million by chance.
        assert chi2 < freedom + 5 * (2 * freedom) ** 0.5, f"{a} and {b}: chi² {chi2:.1f} of {freedom}"


@pytest.mark.parametrize("name", list(FACTORS))
def test_each_factor_shows(name):
    """Changing one factor alone, with the same jitter, visibly changes the picture, for every pair of its values."""
    drawn = [picture(**{name: value}) for value in range(len(FACTORS[name]))]
    for (i, a), (j, b) in itertools.combinations(enumerate(drawn), 2):
        assert changed_pixels(a, b) >= 12, f"{FACTORS[name][i]} and {FACTORS[name][j]} look the same"


@pytest.mark.parametrize("hat", range(1, len(FACTORS["hat"])))
def test_hair_shows_under_a_hat(hat):
    """Under every hat, every hair style still differs from every other."""
    drawn = [picture(hat=hat, hair=hair, hair_colour=2) for hair in range(len(FACTORS["hair"]))]
    for (i, a), (j, b) in itertools.combinations(enumerate(drawn), 2):
        assert changed_pixels(a, b) >= 12, f"{FACTORS['hair'][i]} and {FACTORS['hair'][j]} look the same"


def test_hat_covers_the_hair():
    """No hair sticks out above a beanie: with and without curls its top rows are the same."""
    beanie = FACTORS["hat"].index("beanie")
    curly, crop = (picture(hat=beanie, hair=FACTORS["hair"].index(hair)) for hair in ("curly", "crop"))
    assert changed_pixels(curly[:20], crop[:20]) == 0


def test_jitter_is_smooth_and_small():
    """Jitter alone changes the picture, but far less than another background does."""
    a, b = picture(jitter=1), picture(jitter=2)
    shift = np.abs(a - b).mean()
    assert 0.5 < shift < np.abs(a - picture(jitter=1, background=5)).mean()


@pytest.mark.parametrize("size", [32, 64, 128])
def test_sizes_show_the_same_face(size):
    """A face is the same at every size, up to resampling."""
    image = draw(PLAIN, random.Random(3), size)
    assert image.mode == "RGB" and image.size == (size, size)
    small = np.asarray(image.resize((32, 32), 4)).astype(int)
    assert np.abs(small - picture(size=32)).mean() < 6


def test_head_is_centred_and_large(some):
    """The mean of many faces has its face in the middle: its central half differs from its corners."""
    mean = some[0].float().mean(dim=0)
    spread = some[0].float().std(dim=0).mean(dim=0)
    middle, corner = mean[:, 24:48, 24:40].mean(dim=(1, 2)), mean[:, :6, :6].mean(dim=(1, 2))
    assert float((corner - middle).abs().max()) > 15
    assert float(spread.min()) > 10


def test_no_picture_comes_twice(some, many):
    """500 faces of 64 × 64 pixels are all different, and so are 3,000 of 16 × 16, where a difference is easily lost."""
    assert distinct(some[0]) == 500 and distinct(many[0]) == 3000


def test_progress_ends_at_the_count():
    """The reported progress rises and ends with (count, count)."""
    seen: list[tuple[int, int]] = []
    make_doodles(250, seed=0, size=16, on_progress=lambda done, count: seen.append((done, count)))
    assert seen == sorted(seen) and seen[-1] == (250, 250)


@pytest.mark.parametrize(
    ("count", "seed", "size", "allowed"),
    [
        (0, 0, 64, "between 1 and 200,000"),
        (-5, 0, 64, "between 1 and 200,000"),
        (10**9, 0, 64, "between 1 and 200,000"),
        (2, -1, 64, "between 0 and 2"),
        (2, 2**63, 64, "between 0 and 2"),
        (2, 0, 4, "16 to 512 pixels"),
        (2, 0, 4096, "16 to 512 pixels"),
    ],
)
def test_out_of_range(count, seed, size, allowed):
    """A count, seed or size out of range is a DatasetError of one sentence that says what is allowed."""
    with pytest.raises(DatasetError, match=allowed) as caught:
        make_doodles(count, seed, size)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("python", [sys.executable, "/bin/false"])
def test_processes_draw_the_same(some, monkeypatch, python):
    """Shared among processes the set is the same, also on a machine where the other processes fail."""
    monkeypatch.setattr(make, "MIN_PARALLEL", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(sys, "executable", python)
    pictures, factors = some
    shared, named = make_doodles(20, 7, 64)
    assert torch.equal(shared, pictures[:20])
    assert all(torch.equal(named[name], values[:20]) for name, values in factors.items())
