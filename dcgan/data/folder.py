"""`folder:PATH`: all picture files in a folder and its subfolders, sorted by name."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path, PurePosixPath

from dcgan.data.dataset import Dataset, OnProgress
from dcgan.data.decode import FORMAT_WORDS, decode_file
from dcgan.data.picture_files import count_other_kinds, is_picture, is_visible, kinds_in_words
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
        raise DatasetError(f"There is no folder {folder}: give the path of a folder of pictures.")
    files = _visible_files(folder)
    paths = [path for path in files if is_picture(PurePosixPath(path.name)) and path.is_file()]
    other_kinds = count_other_kinds(PurePosixPath(path.name) for path in files)
    if not paths:
        held = f"it holds {kinds_in_words(other_kinds)}" if other_kinds else "it is empty"
        raise DatasetError(f"There is no picture ({FORMAT_WORDS}) in {folder} or in the folders below it: {held}.")
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
        other_kinds=other_kinds,
        grayscale=gathered.grayscale,
        total=gathered.total,
    )


def _visible_files(folder: Path) -> list[Path]:
    """Return the sorted paths. Links to files are followed; links to folders are not, because they may form cycles."""
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if is_visible(PurePosixPath(name))]
        found += [Path(parent, name) for name in files if is_visible(PurePosixPath(name))]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())
