"""Tests for `dcgan/jobs/run_curves.py`: curves that are read once, and merged without losing their peaks."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from dcgan.jobs import run_curves
from dcgan.jobs.run_curves import Curve, CurveCache, merge


def line(nimg, **values):
    return json.dumps({"nimg": nimg, **values}) + "\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "metrics.jsonl"


@pytest.fixture
def cache():
    return CurveCache(("a", "b"), 2)


@pytest.fixture
def parsed(monkeypatch):
    """The bytes that were parsed, call by call."""
    sizes, parse_lines = [], run_curves.parse_lines

    def parse(content):
        sizes.append(len(content))
        return parse_lines(content)

    monkeypatch.setattr(run_curves, "parse_lines", parse)
    return sizes


def test_only_what_was_added_is_read(path, cache, parsed):
    """A growing file is parsed piece by piece, one that did not grow not at all, and a half-written line waits."""
    path.write_text("".join(line(i, a=i, b=-i) for i in range(3000)))
    assert cache.read(path).values.tolist() == [[i, -i] for i in range(3000)]
    size = path.stat().st_size
    assert parsed == [size]
    cache.read(path)
    assert parsed == [size]
    whole = line(3000, a=1)
    with path.open("a") as file:
        file.write(whole + '{"nimg": 3001, "a')
    curve = cache.read(path)
    assert parsed == [size, len(whole)]
    assert curve.nimg.tolist() == [*range(3001)] and np.isnan(curve.values[-1, 1])
    with path.open("a") as file:
        file.write('": 7}\n')
    assert cache.read(path).values[-1, 0] == 7
    assert sum(parsed) == path.stat().st_size


def test_a_curve_that_was_handed_out_does_not_change(path, cache):
    """Lines that come later, and a file that is replaced, leave an older answer as it was."""
    path.write_text(line(1, a=1) + line(2, a=2))
    curve = cache.read(path)
    with path.open("a") as file:
        file.write("".join(line(i, a=i) for i in range(3, 5000)))
    cache.read(path)
    path.write_text(line(9, a=9))
    cache.read(path)
    assert curve.nimg.tolist() == [1, 2] and curve.values[:, 0].tolist() == [1, 2]


@pytest.mark.parametrize("replace", [True, False], ids=["another file", "the same file, written anew"])
def test_a_file_that_was_replaced_is_read_anew(path, cache, replace):
    """A resumed run's metrics are shorter or other ones: nothing of the old ones stays, whatever the length."""
    path.write_text("".join(line(i, a=0) for i in range(100)))
    cache.read(path)
    for count in (40, 100, 150):
        other = path.with_name("other") if replace else path
        other.write_text("".join(line(10 * i, a=count) for i in range(count)))
        os.replace(other, path)
        curve = cache.read(path)
        assert curve.nimg.tolist() == [10 * i for i in range(count)] and set(curve.values[:, 0]) == {count}


def test_without_a_file_there_are_no_lines(path, cache):
    """Before the first line, and after a run was deleted, the curve is empty."""
    assert cache.read(path).nimg.tolist() == []
    path.write_text(line(1, a=1))
    assert cache.read(path).nimg.tolist() == [1]
    path.unlink()
    assert cache.read(path).nimg.tolist() == []


def test_only_the_files_read_last_are_kept(tmp_path, cache, parsed):
    """The third file takes the place of the one that was not read for longest."""
    paths = [tmp_path / name for name in "xyz"]
    for path in paths:
        path.write_text(line(1, a=1))
        cache.read(path)
    cache.read(paths[1])
    assert len(parsed) == 3
    cache.read(paths[0])
    assert len(parsed) == 4


def test_lines_after_a_number_of_pictures():
    """`after` leaves out the lines up to that number, and that one itself."""
    curve = Curve(np.array([10.0, 20, 30]), np.array([[1.0], [2], [3]]))
    for nimg, values in ((-1, [1, 2, 3]), (10, [2, 3]), (25, [3]), (30, []), (1e9, [])):
        assert curve.after(nimg).values[:, 0].tolist() == values


def test_few_lines_are_not_merged():
    """A curve that is short enough stays as it is."""
    curve = Curve(np.array([10.0, 20]), np.array([[1.0], [2]]))
    merged = merge(curve, 2)
    assert merged.nimg.tolist() == [10, 20]
    assert merged.mean.tolist() == merged.low.tolist() == merged.high.tolist() == [[1], [2]]


@pytest.mark.parametrize("count", [1501, 9999, 100_000])
def test_merged_points_have_the_means_and_extremes_of_their_lines(count):
    """Each point is at its last line; means are those of its lines, a peak stays, a missing value is left out."""
    rng = np.random.default_rng(0)
    nimg = 320.0 * np.arange(1, count + 1)
    values = rng.normal(size=(count, 2))
    values[count // 3, 0] = 1e3
    values[::2, 1] = np.nan
    merged = merge(Curve(nimg, values), 1500)
    assert 700 < len(merged.nimg) <= 1500 and merged.nimg[-1] == nimg[-1]
    assert merged.high[:, 0].max() == 1e3 and merged.low[:, 0].min() == values[:, 0].min()
    starts = [0, *(np.searchsorted(nimg, merged.nimg[:-1], side="right"))]
    for index in (0, 1, len(merged.nimg) // 2, len(merged.nimg) - 1):
        cell = values[starts[index] : np.searchsorted(nimg, merged.nimg[index], side="right")]
        if np.isnan(cell[:, 1]).all():
            assert np.isnan(merged.mean[index, 1])
        else:
            np.testing.assert_allclose(merged.mean[index], np.nanmean(cell, axis=0))
            np.testing.assert_allclose(merged.low[index], np.nanmin(cell, axis=0))
            np.testing.assert_allclose(merged.high[index], np.nanmax(cell, axis=0))


def test_cells_begin_at_multiples_of_a_power_of_two():
    """Two readers of one run therefore merge the same lines, wherever the curve ends for each."""
    nimg = 16.0 * np.arange(1, 5001)
    values = np.zeros((5000, 1))
    long, short = (merge(Curve(nimg[:count], values[:count]), 1000) for count in (5000, 4200))
    assert long.nimg[: len(short.nimg) - 1].tolist() == short.nimg[:-1].tolist()
    width = long.nimg[1] - long.nimg[0]
    assert np.log2(width) % 1 == 0 and ((long.nimg[:-1] + 16) % width == 0).all()
