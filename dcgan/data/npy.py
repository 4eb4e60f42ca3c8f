"""`npy:FOLDER`: the arrays train.npy and test.npy, joined; one of the two is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from dcgan.data.colour import is_gray, to_channels
from dcgan.data.dataset import Dataset, OnProgress, ThrottledProgress, allocate, check_count
from dcgan.data.decode import check_size
from dcgan.data.layout import LayoutGuess, count_of, infer_layout, size_of, take
from dcgan.data.spec import Spec
from dcgan.data.value_range import ValueRange, find_range
from dcgan.errors import DatasetError
from dcgan.file_kind import describe_other_kind
from dcgan.images import fit_square

Array = np.ndarray

SPLITS = ("all", "train", "test")
CHUNK = 1024  # pictures converted at a time: limits memory and reports progress often


@dataclass(frozen=True)
class _Arrays:
    names: tuple[str, ...]
    arrays: tuple[Array, ...]
    layout: LayoutGuess

    def chunks(self) -> Iterator[Array]:
        """Yield the pictures in order, as chunks [n, H, W, C]."""
        for array in self.arrays:
            for start in range(0, count_of(self.layout.layout, array.shape), CHUNK):
                yield take(array, self.layout.layout, start, start + CHUNK)


def open_npy(
    spec: Spec, text: str, size: int, nc: int, on_progress: OnProgress | None = None, first: int | None = None
) -> Dataset:
    """Read the arrays of a folder, or one .npy file; of their pictures all, or the `first`.

    Raises DatasetError if they are not pictures.
    """
    folder = Path(spec.target).expanduser()
    opened = _open(folder, spec.options.get("split", "all"), spec.options.get("layout"))
    total = sum(count_of(opened.layout.layout, array.shape) for array in opened.arrays)
    check_count(total)
    height, width = size_of(opened.layout.layout, opened.arrays[0].shape)
    if not height * width:
        raise DatasetError(f"The pictures in {folder} have no pixels: they are {width} × {height}.")
    try:
        check_size((width, height))
    except DatasetError as error:
        raise DatasetError(f"The pictures in {folder} cannot be used: {error}.") from None
    pictures = allocate(total, nc, size, first)
    pace = ThrottledProgress(on_progress, total)
    values = _values(folder, opened, pace)
    grayscale, done = True, 0
    for chunk in opened.chunks():
        ready = _fit(values.to_uint8(np.ascontiguousarray(chunk[: len(pictures) - done])), size)
        grayscale = grayscale and is_gray(ready)
        pictures[done : done + len(ready)] = to_channels(ready, nc)
        done += len(ready)
        pace(done)
        if done == len(pictures):
            break
    return Dataset(
        pictures=pictures,
        name=folder.stem if folder.is_file() else folder.resolve().name,
        spec=text,
        original_size=f"{width} × {height}",
        source=_source(folder, opened, values),
        grayscale=grayscale,
        total=None if done == total else total,
    )


def _open(folder: Path, split: str, layout: str | None) -> _Arrays:
    if split not in SPLITS:
        raise DatasetError(f"split must be one of {', '.join(SPLITS)}, not {split!r}.")
    paths = _paths(folder)
    wanted = [path for path in paths if split in ("all", path.stem)]
    if not wanted:
        raise DatasetError(f"There is no {split}.npy in {folder}.")
    everything = {path: _map(path) for path in paths}
    # The files that are not requested still help to find the axis that counts pictures.
    try:
        guess = infer_layout([array.shape for array in everything.values()], layout)
    except DatasetError as error:
        raise DatasetError(f"{folder}: {error}") from None
    return _Arrays(tuple(path.name for path in wanted), tuple(everything[path] for path in wanted), guess)


def _paths(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise DatasetError(f"There is no folder {folder}: it should hold train.npy, test.npy or both.")
    paths = [folder / f"{name}.npy" for name in ("train", "test") if (folder / f"{name}.npy").is_file()]
    if not paths:
        raise DatasetError(f"{folder} has neither train.npy nor test.npy: save your array under one of these names.")
    return paths


def _map(path: Path) -> Array:
    """Memory-map the array, so that its shape is known before it is read. Pickled objects are refused."""
    try:
        if kind := describe_other_kind(path):
            raise DatasetError(f"{path} is no array of pictures but {kind}.")
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror or error}).") from None
    except DatasetError:
        raise
    # NumPy parses the header as Python source: a damaged one raises SyntaxError, tokenize.TokenError, KeyError … Its
    # messages advise to load files unsafely.
    except Exception:
        raise DatasetError(
            f"{path} cannot be read as an array of pictures: it is damaged, or holds Python objects; save an array of "
            "numbers with numpy.save."
        ) from None
    if not isinstance(array, np.ndarray):
        raise DatasetError(f"{path} is an npz archive of arrays: save the one array of pictures with numpy.save.")
    return array


def _values(folder: Path, opened: _Arrays, pace: ThrottledProgress) -> ValueRange:
    """Find the range of all values, of which only floats and large whole numbers have to be read."""

    def chunks() -> Iterator[Array]:
        for chunk in opened.chunks():
            pace(0)
            yield chunk

    kinds = {array.dtype for array in opened.arrays}
    if len(kinds) > 1:
        raise DatasetError(
            f"The arrays in {folder} are of different types ({', '.join(sorted(map(str, kinds)))}): save both as uint8."
        )
    try:
        return find_range(chunks(), kinds.pop())
    except DatasetError as error:
        raise DatasetError(f"{folder}: {error}") from None


def _fit(pictures: Array, size: int) -> Array:
    """Resize and crop uint8 [n, H, W, C] to [n, size, size, C]."""
    if pictures.shape[1:3] == (size, size):
        return pictures
    gray = pictures.shape[3] == 1
    fitted = [np.asarray(fit_square(Image.fromarray(p[..., 0] if gray else p), size)) for p in pictures]
    return np.stack(fitted).reshape(len(pictures), size, size, -1)


def _source(folder: Path, opened: _Arrays, values: ValueRange) -> str:
    text = f"{' and '.join(opened.names)} in {folder.resolve().name}, read as {opened.layout.words}"
    if opened.layout.is_ambiguous:
        text += " (other layouts fit this shape, too: if this one is wrong, add ?layout=… to the name)"
    return f"{text}, {values.words}."
