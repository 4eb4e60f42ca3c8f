"""`folder:PATH`: all JPEG, PNG, WebP and BMP files in a folder and its subfolders, sorted by name."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path, PurePosixPath

from dcgan.data.dataset import Dataset, OnProgress
from dcgan.data.decode import SUFFIXES, decode_file
from dcgan.data.read_pictures import Item, read_pictures
from dcgan.data.spec import Spec
from dcgan.errors import DatasetError


def open_folder(
    spec: Spec, text: str, size: int, nc: int, on_progress: OnProgress | None = None, first: int | None = None
) -> Dataset:
    """Read all pictures of a folder, or its `first`.

    Raises DatasetError if there is no such folder or no picture in it.
    """
    folder = Path(spec.target).expanduser()
    if not folder.is_dir():
        raise DatasetError(f"There is no folder {folder}: write the path of a folder of pictures after folder:.")
    paths = _paths(folder)
    if not paths:
        raise DatasetError(f"There are no pictures ({', '.join(SUFFIXES)}) in {folder} or in the folders below it.")
    items = (Item(path.relative_to(folder).as_posix(), partial(decode_file, path, size)) for path in paths)
    gathered = read_pictures(items, len(paths), str(folder), size, nc, on_progress, first)
    name = folder.resolve().name
    return Dataset(
        pictures=gathered.pictures,
        name=name,
        spec=text,
        original_size=gathered.original_size,
        source=f"{len(paths):,} picture files in the folder {name} and below it.",
        skipped=gathered.skipped,
        grayscale=gathered.grayscale,
        total=gathered.total,
    )


def is_picture(name: PurePosixPath) -> bool:
    """Return whether a file is a picture by its suffix. Hidden files and macOS's `__MACOSX` entries are not."""
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.parts)
    return not hidden and name.suffix.lower() in SUFFIXES


def _paths(folder: Path) -> list[Path]:
    """Return the sorted paths. Links to files are followed; links to folders are not, because they may form cycles."""
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if is_picture(PurePosixPath(name, "a.png"))]
        paths = (Path(parent, name) for name in files)
        found += [path for path in paths if is_picture(PurePosixPath(path.name)) and path.is_file()]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())
