"""`doodles[:COUNT][?seed=N][&FACTOR=VALUE,…]`: cartoon faces, drawn once and kept in the cache folder."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np
import PIL
import torch
from torch import Tensor

from dcgan.data import doodles
from dcgan.data.cache_folder import cache_folder
from dcgan.data.colour import to_channels
from dcgan.data.dataset import Dataset, OnProgress, ThrottledProgress, check_count, check_memory
from dcgan.data.spec import Spec
from dcgan.errors import DatasetError

DEFAULT_COUNT = 12_000
MAX_COUNT = 200_000
CACHE_LIMIT = 4 * 2**30  # bytes of all cached sets; the least recently used are deleted first

Drawn = tuple[Tensor, dict[str, Tensor]]


def open_doodles(
    spec: Spec,
    text: str,
    size: int,
    nc: int,
    on_progress: OnProgress | None = None,
    first: int | None = None,
    limit: int = CACHE_LIMIT,
) -> Dataset:
    """Load the doodles from the cache, or draw and cache them. The cache holds at most `limit` bytes.

    With `first`, only so many are drawn, and nothing is loaded or cached. Of the COUNT doodles, those whose factors
    match the options are returned. Raises DatasetError for an invalid count, seed or value, and if fewer than two
    match.
    """
    count, seed, choice = parse_doodles(spec)
    check_memory(count, 3, size)
    source = f"cartoon faces drawn by this program from seed {seed}"
    if first is not None:
        (pictures, factors), total = _draw_first(count, seed, size, choice, first, on_progress)
        return Dataset(
            pictures=_with_channels(pictures, nc),
            name="doodles",
            spec=text,
            original_size=f"{size} × {size}",
            source=f"{source}.",
            factors=factors,
            total=total,
        )
    path = cache_folder() / "doodles" / f"{count}-{seed}-{size}-{_version()}.npz"
    drawn = _load(path, count, size)
    kept = ""
    if drawn is None:
        drawn = doodles.make_doodles(count, seed, size, on_progress)
        kept = _keep(path, drawn, limit)
    elif on_progress is not None:
        on_progress(count, count)
    pictures, factors = drawn
    if choice:
        fits = doodles.matches(choice, factors)
        pictures, factors = pictures[fits], {name: values[fits] for name, values in factors.items()}
        _check_matches(len(pictures), count)
    return Dataset(
        pictures=_with_channels(pictures, nc),
        name="doodles",
        spec=text,
        original_size=f"{size} × {size}",
        source=f"{source}{kept}.",
        factors=factors,
    )


def parse_doodles(spec: Spec) -> tuple[int, int, doodles.Choice]:
    """Return the count, the seed and the filter of a spec. Raises DatasetError for one that is out of range."""
    count = _number("The number of doodles", spec.target, DEFAULT_COUNT)
    seed = _number("The seed of the doodles", spec.options.get("seed", ""), 0)
    choice = doodles.parse_filter(spec.options)
    check_count(count)
    if count > MAX_COUNT:
        raise DatasetError(f"The number of doodles must be at most {MAX_COUNT:,}, not {count:,}.")
    if seed >= 2**63:
        raise DatasetError(f"The seed of the doodles must be between 0 and 2^63 - 1, not {seed}.")
    return count, seed, choice


def _draw_first(
    count: int, seed: int, size: int, choice: doodles.Choice, first: int, on_progress: OnProgress | None
) -> tuple[Drawn, int]:
    """Draw the first of `count` doodles that match a choice; return them, and how many match."""
    pace = ThrottledProgress(on_progress, count)
    matching = []
    for i in range(count):
        if not choice or doodles.fits(choice, doodles.sample_factors_of(seed, i)):
            matching.append(i)
        pace(i + 1)
    _check_matches(len(matching), count)
    drawn = []
    for i in matching[:first]:
        drawn.append(doodles.draw_one(seed, i, size))
        pace(count)
    values = torch.tensor([factors for _, factors in drawn])
    pictures = torch.from_numpy(np.stack([picture for picture, _ in drawn]))
    return (pictures, dict(zip(doodles.FACTORS, values.unbind(1), strict=True))), len(matching)


def _check_matches(matching: int, count: int) -> None:
    if matching < 2:
        raise DatasetError(f"Only {matching} of {count:,} doodles match; draw more, or filter by fewer values.")


def _with_channels(pictures: Tensor, nc: int) -> Tensor:
    return pictures if nc == 3 else to_channels(pictures.permute(0, 2, 3, 1).numpy(), nc)


def _number(what: str, text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise DatasetError(f"{what} must be a whole number, not {text!r:.60}.")
    return int(text)


def _version() -> str:
    """Hash the drawing code and Pillow's version, so that an outdated cache is never used."""
    digest = hashlib.sha256(PIL.__version__.encode())
    for file in sorted(Path(doodles.__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _load(path: Path, count: int, size: int) -> Drawn | None:
    """Return the cached doodles; None if the file is missing or damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            pictures = file["pictures"]
            values = file["factors"]
        os.utime(path)  # marks it as recently used
    # Wrong checksum, bad NumPy header, missing array: the file is damaged in each case.
    except (OSError, ValueError, KeyError, EOFError, SyntaxError, zipfile.BadZipFile, zlib.error):
        return None
    if pictures.shape != (count, 3, size, size) or pictures.dtype != np.uint8:
        return None
    if values.shape != (len(doodles.FACTORS), count) or values.dtype != np.int64:
        return None
    return torch.from_numpy(pictures), dict(zip(doodles.FACTORS, torch.from_numpy(values), strict=True))


def _keep(path: Path, drawn: Drawn, limit: int) -> str:
    """Write the cache atomically and delete old files. A failure is no error: it is returned as part of a sentence."""
    pictures, factors = drawn
    if pictures.numel() > limit:
        return " (too many to be cached)"
    # write_atomic takes all bytes at once; a few GiB should not be in memory twice.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    values = torch.stack([factors[name] for name in doodles.FACTORS])
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with temporary.open("wb") as file:
                np.savez(file, pictures=pictures.numpy(), factors=values.numpy())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _delete_oldest(path, limit)
    except OSError as error:
        return f" (not cached: {error.strerror})"
    return ""


def _delete_oldest(newest: Path, limit: int) -> None:
    """Delete the least recently used files, including those left by a crash, until the folder is within `limit`."""
    files = {file: file.stat() for file in newest.parent.iterdir() if file != newest}
    total = newest.stat().st_size
    for file, stat in sorted(files.items(), key=lambda item: item[1].st_mtime, reverse=True):
        total += stat.st_size
        if total > limit:
            file.unlink(missing_ok=True)
