"""Arrays of pictures: every order of axes, every range of values, and what is no picture at all."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch

from dcgan.data import npy as npy_module
from dcgan.data import open_dataset
from dcgan.data.layout import LayoutGuess, infer_layout
from dcgan.errors import DatasetError


def photographs(n=5, h=32, w=32, seed=0) -> np.ndarray:
    """Random uint8 [n, h, w]."""
    return np.random.default_rng(seed).integers(0, 256, (n, h, w), dtype=np.uint8)


def save(folder, train=None, test=None) -> str:
    """Write the two files, and name the data set."""
    for name, array in (("train", train), ("test", test)):
        if array is not None:
            np.save(folder / f"{name}.npy", array)
    return f"npy:{folder}"


@pytest.mark.faces
def test_the_real_faces(faces_dir):
    """The real arrays become all their photographs, untouched and in order, at the trainer's size."""
    train, test = (np.load(faces_dir / f"{name}.npy") for name in ("train", "test"))
    dataset = open_dataset(f"npy:{faces_dir}", 64, 3)
    assert dataset.pictures.shape == (train.shape[2] + test.shape[2], 3, 64, 64)
    assert dataset.pictures.dtype == torch.uint8
    assert dataset.pictures.is_contiguous()
    assert dataset.grayscale
    assert dataset.original_size == "64 × 64"
    assert "height × width × count" in dataset.source
    for picture, original in ((0, train[..., 0]), (train.shape[2], test[..., 0]), (-1, test[..., -1])):
        for channel in range(3):
            np.testing.assert_array_equal(dataset.pictures[picture, channel].numpy(), original)


def test_either_file_alone_will_do_and_both_are_joined(tmp_path):
    """train.npy comes first, test.npy second, and ?split= chooses."""
    a, b = photographs(4), photographs(3, seed=1)
    spec = save(tmp_path, a.transpose(1, 2, 0), b.transpose(1, 2, 0))
    joined = torch.from_numpy(np.concatenate([a, b]))
    assert torch.equal(open_dataset(spec, 32, 1).pictures[:, 0], joined)
    assert torch.equal(open_dataset(f"{spec}?split=train", 32, 1).pictures[:, 0], joined[:4])
    assert torch.equal(open_dataset(f"{spec}?split=test", 32, 1).pictures[:, 0], joined[4:])
    (tmp_path / "train.npy").unlink()
    assert torch.equal(open_dataset(spec, 32, 1).pictures[:, 0], joined[4:])
    with pytest.raises(DatasetError, match=r"no train\.npy"):
        open_dataset(f"{spec}?split=train", 32, 1)


@pytest.mark.parametrize("axes", ["hwn", "nhw"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_gray_arrays_in_either_order(tmp_path, axes, order):
    """Height × width × count and count × height × width give the same pictures, however the file stores them."""
    pictures = photographs(5)
    array = pictures if axes == "nhw" else pictures.transpose(1, 2, 0)
    dataset = open_dataset(save(tmp_path, np.asarray(array, order=order)), 32, 1)
    assert torch.equal(dataset.pictures[:, 0], torch.from_numpy(pictures))
    assert "other layouts fit this shape" not in dataset.source


@pytest.mark.parametrize("layout", ["nhwc", "hwcn", "nchw"])
@pytest.mark.parametrize("channels", [1, 3])
def test_colour_arrays_in_every_order(tmp_path, layout, channels):
    """The colour axis is found by its length, wherever it is."""
    pictures = np.random.default_rng(0).integers(0, 256, (5, 32, 32, channels), dtype=np.uint8)
    array = pictures.transpose(["nhwc".index(letter) for letter in layout])
    dataset = open_dataset(save(tmp_path, array), 32, 3)
    expected = torch.from_numpy(pictures).permute(0, 3, 1, 2).expand(-1, 3, -1, -1)
    assert torch.equal(dataset.pictures, expected)
    assert dataset.grayscale == (channels == 1)


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([(64, 64, 10_000)], LayoutGuess("hwn")),
        ([(10_000, 64, 64)], LayoutGuess("nhw")),
        ([(64, 64, 64)], LayoutGuess("hwn", is_ambiguous=True)),
        ([(64, 64, 64), (64, 64, 20)], LayoutGuess("hwn")),
        ([(64, 64, 64), (20, 64, 64)], LayoutGuess("nhw")),
        ([(218, 178, 5000)], LayoutGuess("hwn", is_ambiguous=True)),
        ([(5000, 218, 178)], LayoutGuess("nhw", is_ambiguous=True)),
        ([(5000, 218, 178), (300, 218, 178)], LayoutGuess("nhw")),
        ([(10, 64, 64, 3)], LayoutGuess("nhwc")),
        ([(64, 64, 3, 10)], LayoutGuess("hwcn")),
        ([(10, 3, 64, 64)], LayoutGuess("nchw")),
        ([(64, 64, 3, 3)], LayoutGuess("hwcn")),
    ],
)
def test_the_order_of_axes_is_inferred(shapes, expected):
    """Two files settle which axis counts the pictures; one file is read as square pictures; others are ambiguous."""
    assert infer_layout(shapes) == expected


def test_an_ambiguous_order_of_axes_is_reported_and_can_be_set(tmp_path):
    """A cube can be read in two ways: the description says so, and ?layout= decides."""
    cube = photographs(32)
    spec = save(tmp_path, cube)
    dataset = open_dataset(spec, 32, 1)
    assert "other layouts fit this shape" in dataset.source
    assert torch.equal(dataset.pictures[:, 0], torch.from_numpy(cube).permute(2, 0, 1))
    forced = open_dataset(f"{spec}?layout=nhw", 32, 1)
    assert "other layouts fit this shape" not in forced.source
    assert torch.equal(forced.pictures[:, 0], torch.from_numpy(cube))


@pytest.mark.parametrize("layout", ["nhwc", "sideways"])
def test_a_forced_layout_that_does_not_fit(tmp_path, layout):
    """A layout of another number of axes, or no layout at all, is refused."""
    with pytest.raises(DatasetError, match=layout if layout == "sideways" else "colour"):
        open_dataset(f"{save(tmp_path, photographs(5))}?layout={layout}", 32, 1)


def test_files_of_different_picture_sizes(tmp_path):
    """Two files whose pictures differ are not mixed."""
    spec = save(tmp_path, photographs(5), photographs(5, 16, 16))
    with pytest.raises(DatasetError, match="32 × 32 and 5 × 16 × 16 are of different sizes"):
        open_dataset(spec, 32, 1)


@pytest.mark.parametrize(
    ("convert", "words"),
    [
        (lambda a: (a / 255).astype(np.float32), "float32 values from 0 to 1"),
        (lambda a: (a / 255).astype(np.float16), "float16 values from 0 to 1"),
        (lambda a: (a / 127.5 - 1).astype(np.float32), "float32 values from -1 to 1"),
        (lambda a: a.astype(np.float64), "float64 values from 0 to 255"),
        (lambda a: a.astype(">i8"), "values from 0 to 255"),
        (lambda a: a.astype(np.uint16) * 257, "uint16 values from 0 to 65535"),
    ],
)
def test_other_ranges_of_values_come_to_the_same_pictures(tmp_path, convert, words):
    """Floats and other integers are brought to 0 … 255 by the range they are in, which is stated."""
    pictures = photographs(5)
    pictures[0, 0, :2] = 0, 255
    dataset = open_dataset(save(tmp_path, convert(pictures)), 32, 1)
    np.testing.assert_array_equal(dataset.pictures[:, 0].numpy(), pictures)
    assert words in dataset.source


def test_black_and_white(tmp_path):
    """Truth values become black and white."""
    mask = photographs(5) > 127
    dataset = open_dataset(save(tmp_path, mask), 32, 1)
    np.testing.assert_array_equal(dataset.pictures[:, 0].numpy(), mask * 255)


@pytest.mark.parametrize(
    ("value", "match"),
    [(np.nan, "not finite"), (np.inf, "not finite"), (-np.inf, "not finite"), (300.0, "go from"), (-2.0, "go from")],
)
def test_nan_infinity_and_values_out_of_range_are_refused(tmp_path, value, match):
    """NaN, infinity and values beyond every usual range are errors, wherever they are in the file."""
    pictures = photographs(5).astype(np.float32) / 255
    pictures[4, 31, 31] = value
    with pytest.raises(DatasetError, match=match):
        open_dataset(save(tmp_path, pictures), 32, 1)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((), np.uint8),
        np.zeros(7, np.uint8),
        np.zeros((4, 4), np.uint8),
        np.zeros((2, 3, 4, 5, 6), np.uint8),
        np.zeros((8, 8, 8, 7), np.uint8),
        np.zeros((0, 32, 32), np.uint8),
        np.zeros((32, 32, 0), np.uint8),
        np.zeros((9, 0, 0), np.uint8),
        np.zeros((32, 32, 1), np.uint8),
        np.zeros((5, 32, 32), np.complex64),
        np.full((5, 32, 32), "x"),
        np.full((5, 32, 32), None),
        np.zeros((5, 32, 32), "M8[s]"),
        np.zeros((2, 40_000, 390), np.uint8),
        np.zeros(5, [("a", "u1")]),
    ],
    ids=lambda array: f"{array.shape}-{array.dtype}",
)
def test_arrays_that_are_no_pictures(tmp_path, array):
    """Wrong dimensions, no pictures, one picture, and values that are not numbers each give one sentence."""
    with pytest.raises(DatasetError) as caught:
        open_dataset(save(tmp_path, array), 32, 3)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "npz", "header"])
def test_files_that_are_no_arrays(tmp_path, damage):
    """An empty, foreign, incomplete or bundled file is an error that names it."""
    spec = save(tmp_path, photographs(5))
    path = tmp_path / "train.npy"
    whole = path.read_bytes()
    if damage == "npz":
        with path.open("wb") as file:
            np.savez(file, a=photographs(5))
    else:
        contents = {"empty": b"", "text": b"hello", "cut": whole[:-100], "header": whole[:20] + b"\xff" * 200}
        path.write_bytes(contents[damage])
    with pytest.raises(DatasetError, match=r"train\.npy"):
        open_dataset(spec, 32, 3)


def test_pickles_are_never_loaded(tmp_path):
    """A file that would run code when unpickled is refused before it can."""
    import pickle

    class Trap:
        def __reduce__(self):
            return (tmp_path.joinpath("sprung").write_text, ("!",))

    (tmp_path / "train.npy").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DatasetError):
        open_dataset(f"npy:{tmp_path}", 32, 3)
    np.save(tmp_path / "train.npy", np.array([Trap(), Trap()], dtype=object), allow_pickle=True)
    with pytest.raises(DatasetError):
        open_dataset(f"npy:{tmp_path}", 32, 3)
    assert not (tmp_path / "sprung").exists()


def test_missing_folder_and_missing_files(tmp_path):
    """A folder that is not there, and one without the two files, say what they should hold."""
    for spec in (f"npy:{tmp_path / 'nowhere'}", f"npy:{tmp_path}"):
        with pytest.raises(DatasetError, match=r"train\.npy"):
            open_dataset(spec)
    with pytest.raises(DatasetError, match="split"):
        open_dataset(f"npy:{tmp_path}?split=valid")


def test_files_of_different_types(tmp_path):
    """A float file beside a byte file would be read as black: it is refused."""
    spec = save(tmp_path, photographs(5), photographs(5) / 255)
    with pytest.raises(DatasetError, match="different types"):
        open_dataset(spec, 32, 1)


def test_resizing_keeps_the_shape_of_things(tmp_path):
    """A wide picture is scaled by its height and loses its sides: its middle stays in the middle, undistorted."""
    pictures = np.zeros((3, 64, 128), np.uint8)
    pictures[:, 16:48, 48:80] = 255  # a square of half the height, in the centre
    dataset = open_dataset(f"{save(tmp_path, pictures)}?layout=nhw", 32, 1)
    assert dataset.original_size == "128 × 64"
    bright = dataset.pictures[0, 0] > 127
    assert bright.sum() == 16 * 16
    assert bright[8:24, 8:24].all()


def test_colour_to_gray_by_luma(tmp_path):
    """Colour becomes gray as the eye weighs it, exactly as Pillow does."""
    from PIL import Image

    pictures = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    dataset = open_dataset(save(tmp_path, pictures), 32, 1)
    expected = np.stack([np.asarray(Image.fromarray(picture).convert("L")) for picture in pictures])
    np.testing.assert_array_equal(dataset.pictures[:, 0].numpy(), expected)
    assert not dataset.grayscale


def test_many_chunks_are_one_data_set(tmp_path, monkeypatch):
    """Where one chunk ends and the next begins cannot be seen in the result."""
    pictures = photographs(23)
    spec = save(tmp_path, pictures.transpose(1, 2, 0))
    monkeypatch.setattr(npy_module, "CHUNK", 4)
    seen: list[tuple[int, int]] = []
    dataset = open_dataset(spec, 32, 1, lambda done, total: seen.append((done, total)))
    np.testing.assert_array_equal(dataset.pictures[:, 0].numpy(), pictures)
    assert seen[-1] == (23, 23)


def test_what_would_not_fit_is_refused_before_it_is_read(tmp_path):
    """A file that claims millions of pictures (here a hole on disk) is refused by its shape alone."""
    np.lib.format.open_memmap(tmp_path / "train.npy", "w+", np.uint8, (3_000_000, 32, 32)).flush()
    with pytest.raises(DatasetError, match="GiB of memory"):
        open_dataset(f"npy:{tmp_path}", 32, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "a web page; download the file itself"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (pickle.dumps([1, 2]), "damaged, or holds Python objects"),
        (b"\x93NUMPY\x01\x00", "damaged, or holds Python objects"),
    ],
)
def test_no_advice_to_load_a_file_unsafely(tmp_path, content, words):
    """What is no array is named, without NumPy's advice to unpickle it."""
    (tmp_path / "train.npy").write_bytes(content)
    with pytest.raises(DatasetError, match=words) as caught:
        open_dataset(f"npy:{tmp_path}")
    assert "pickle" not in str(caught.value) and "unsafe" not in str(caught.value)


def test_arrays_of_objects_are_refused_without_advice(tmp_path):
    """They would need unpickling, which can run code."""
    np.save(tmp_path / "train.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    with pytest.raises(DatasetError, match="holds Python objects; save an array of numbers") as caught:
        open_dataset(f"npy:{tmp_path}")
    assert "pickle" not in str(caught.value)
