"""Tests for `dcgan/images.py`: uint8 and [-1, 1], grids, scaling and encoding."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from dcgan.files import write_atomic
from dcgan.images import RESAMPLING, encode, fit_square, grid, split_grid, to_float, to_hwc, to_pil, to_uint8


def test_ranges_are_inverse():
    """Every one of the 256 values survives the way to [-1, 1] and back; the ends are exact."""
    values = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    floats = to_float(values)
    assert floats.min() == -1 and floats.max() == 1
    assert torch.equal(to_uint8(floats), values)


def test_out_of_range_is_clipped():
    """What a network puts out beyond [-1, 1] becomes black and white, never wraps around."""
    assert to_uint8(torch.tensor([-9.0, -1.01, 1.01, 9.0]).reshape(1, 1, 2, 2)).flatten().tolist() == [0, 0, 255, 255]


def test_gray_becomes_three_equal_channels():
    """A gray picture leaves as RGB with equal channels, a colour one unchanged."""
    gray = torch.randint(0, 256, (1, 4, 6), dtype=torch.uint8)
    rgb = to_hwc(gray)
    assert rgb.shape == (4, 6, 3) and (rgb == gray[0].numpy()[:, :, None]).all()


def test_grid_places_pictures_row_by_row():
    """Picture i lies in row i // columns and column i % columns; the rest shows the gap's value."""
    pictures = torch.arange(5, dtype=torch.uint8).reshape(5, 1, 1, 1).expand(5, 3, 2, 2)
    sheet = grid(pictures, columns=3, pad=1, value=99)
    assert sheet.shape == (3, 7, 10)
    assert sheet[0, 1, [1, 4, 7]].tolist() == [0, 1, 2] and sheet[0, 4, [1, 4, 7]].tolist() == [3, 4, 99]
    assert (sheet[:, 0] == 99).all()


def test_a_grid_is_split_into_its_pictures():
    """split_grid gives the pictures of a grid back, and empty cells where it had none; it refuses another layout."""
    pictures = torch.randint(0, 256, (11, 3, 32, 32), dtype=torch.uint8)
    cells = split_grid(to_hwc(grid(pictures, 8)))
    assert cells.shape == (16, 32, 32, 3) and (cells[11:] == 255).all()
    assert np.array_equal(cells[:11], np.stack([to_hwc(picture) for picture in pictures]))
    with pytest.raises(ValueError, match="8 columns"):
        split_grid(np.zeros((64, 67, 3), np.uint8))


def test_each_resampling_method_differs():
    """ "nearest" repeats pixels as squares; the others round an edge off, "bilinear" within its two sides, "lanczos"
    with the strongest overshoot."""
    edge = torch.tensor([60, 60, 60, 60, 200, 200, 200, 200], dtype=torch.uint8).expand(1, 8, 8)
    rows = {name: scaled_row(edge, name) for name in RESAMPLING}
    assert rows["nearest"] == [60] * 16 + [200] * 16
    assert min(rows["bilinear"]) == 60 and max(rows["bilinear"]) == 200 and len(set(rows["bilinear"])) > 2
    assert 60 > min(rows["bicubic"]) > min(rows["lanczos"])


def scaled_row(picture, resample):
    """The middle row of a picture scaled to 32 pixels, its red channel."""
    image = to_pil(picture, 32, resample)
    return [image.getpixel((x, 16))[0] for x in range(32)]


def test_a_gray_picture_is_scaled_like_its_colours():
    """Scaling one channel gives what scaling three equal ones gives."""
    gray = torch.randint(0, 256, (1, 9, 9), dtype=torch.uint8)
    for name in RESAMPLING:
        assert to_pil(gray, 20, name).tobytes() == to_pil(gray.expand(3, -1, -1), 20, name).tobytes()


@pytest.mark.parametrize(("size", "expected"), [((100, 50), (32, 32)), ((7, 9), (32, 32)), ((32, 32), (32, 32))])
def test_fit_square(size, expected):
    """Any picture becomes a square of its centre, without distortion."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2 - 1, 0, size[0] // 2 + 1, size[1]))
    fitted = fit_square(image, 32)
    assert fitted.size == expected
    assert fitted.getpixel((16, 16))[2] > 128


@pytest.mark.parametrize("fmt", ["png", "jpeg"])
def test_encode_decodes(fmt):
    """Encoded bytes are a file of that format and size."""
    image = Image.open(io.BytesIO(encode(to_pil(torch.full((1, 8, 8), 200, dtype=torch.uint8), 24), fmt)))
    assert image.size == (24, 24) and image.format == fmt.upper()
    assert abs(image.convert("L").getpixel((12, 12)) - 200) <= 1


def test_write_whole_leaves_nothing_behind(tmp_path):
    """A file appears complete, replaces what was there, and no temporary file stays, not even after a failure."""
    target = tmp_path / "deep" / "file.bin"
    write_atomic(target, b"one")
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    with pytest.raises(TypeError):
        write_atomic(target, "text")  # type: ignore[arg-type]
    assert target.read_bytes() == b"two" and [p.name for p in target.parent.iterdir()] == ["file.bin"]
