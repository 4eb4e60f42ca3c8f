"""The time-lapse of a run: which grids, in which order, all faces or one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from decoding import decode_zip, duration
from PIL import Image

from dcgan.engine.film_formats import write_film
from dcgan.engine.timelapse import (
    FACE_SIZE,
    GRIDS_PER_SECOND,
    HOLD,
    MAX_GRIDS,
    check_face,
    choose_grids,
    count_frames,
    timelapse_frames,
)
from dcgan.errors import RequestError, RunError
from dcgan.files import write_atomic
from dcgan.images import encode, grid, to_pil


def write_grids(folder, count):
    """Grids of 64 pictures of one colour each: picture i of grid n has the red channel 3i and the green one 40n."""
    paths = []
    for n in range(count):
        pictures = torch.zeros(64, 3, 32, 32, dtype=torch.uint8)
        pictures[:, 0] = (3 * torch.arange(64)).to(torch.uint8)[:, None, None]
        pictures[:, 1] = 40 * n
        paths.append(folder / f"{n * 500:09d}.jpg")
        write_atomic(paths[-1], encode(to_pil(grid(pictures, 8)), "jpeg"))
    return paths


def test_every_grid_is_a_frame_and_the_last_one_stays(tmp_path):
    """The film shows each grid once, in order, and the last one HOLD times more; it lasts as long as that takes."""
    paths = write_grids(tmp_path, 4)
    film = write_film(timelapse_frames(paths), tmp_path / "film.zip", GRIDS_PER_SECOND)
    frames = decode_zip(film)
    assert len(frames) == count_frames(paths) == 4 + HOLD
    for shown, path in zip(frames, [*paths, *[paths[-1]] * HOLD], strict=True):
        assert np.array_equal(shown, np.asarray(Image.open(path)))
    mp4 = write_film(timelapse_frames(paths), tmp_path / "film.mp4", GRIDS_PER_SECOND)
    assert duration("mp4", mp4) == pytest.approx((4 + HOLD) / GRIDS_PER_SECOND, abs=0.01)


@pytest.mark.parametrize("face", [0, 7, 8, 63])
def test_one_face_is_enlarged(tmp_path, face):
    """With `face` a frame shows that picture of each grid alone, enlarged to FACE_SIZE."""
    frames = list(timelapse_frames(write_grids(tmp_path, 3), face))
    assert {frame.shape for frame in frames} == {(FACE_SIZE, FACE_SIZE, 3)}
    for n, frame in enumerate(frames[:3]):
        middle = frame[64:192, 64:192].mean(axis=(0, 1))  # JPEG blurs the edges into the gaps
        assert np.abs(middle - [3 * face, 40 * n, 0]).max() <= 2


def test_a_long_run_is_thinned():
    """Of more than MAX_GRIDS grids, as many at equal distances are shown, from the first to the last."""
    grids = [Path(f"{n:09d}.jpg") for n in range(3 * MAX_GRIDS)]
    chosen = choose_grids(grids)
    places = np.array([int(path.stem) for path in chosen])
    assert len(chosen) == MAX_GRIDS and (places[0], places[-1]) == (0, 3 * MAX_GRIDS - 1)
    assert set(np.diff(places)) == {3, 4} or set(np.diff(places)) == {3}
    assert choose_grids(grids[:5]) == grids[:5]


@pytest.mark.parametrize("face", [-1, 64])
def test_a_face_that_is_not_there_is_refused(face):
    """The sentence names the faces that there are."""
    with pytest.raises(RequestError, match="0 to 63"):
        check_face(face)
    assert check_face(None) is None and check_face(63) == 63


def test_what_cannot_be_shown_is_said(tmp_path):
    """No grid, a deleted grid and a damaged grid are each answered with a sentence."""
    with pytest.raises(RunError, match="no sample grids yet"):
        choose_grids([])
    paths = write_grids(tmp_path, 2)
    paths[1].write_bytes(b"no picture")
    with pytest.raises(RunError, match=r"000000500.jpg is damaged"):
        list(timelapse_frames(paths))
    paths[1].unlink()
    with pytest.raises(RunError, match="begun again"):
        list(timelapse_frames(paths))
