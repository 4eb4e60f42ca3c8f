"""`folder:PATH`: every JPEG, PNG, WebP and BMP below a folder, in the order of their names."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path, PurePosixPath

from dcgan.data.dataset import Dataset, Progress
from dcgan.data.decode import SUFFIXES, decode_file
from dcgan.data.gather import Item, gather
from dcgan.data.spec import Spec
from dcgan.errors import DatasetError


def open_folder(spec: Spec, text: str, size: int, nc: int, progress: Progress | None = None) -> Dataset:
    """Reads every picture below a folder. Raises DatasetError where there is no folder, or no picture in it."""
    folder = Path(spec.target).expanduser()
    if not folder.is_dir():
        raise DatasetError(f"There is no folder {folder}: write the path of a folder of pictures after folder:.")
    paths = _paths(folder)
    if not paths:
        raise DatasetError(f"There are no pictures ({', '.join(SUFFIXES)}) in {folder} or in the folders below it.")
    items = (Item(path.relative_to(folder).as_posix(), partial(decode_file, path, size)) for path in paths)
    gathered = gather(items, len(paths), str(folder), size, nc, progress)
    name = folder.resolve().name
    return Dataset(
        pictures=gathered.pictures,
        name=name,
        spec=text,
        original_size=gathered.original_size,
        source=f"{len(paths):,} picture files in the folder {name} and below it.",
        skipped=gathered.skipped,
        grayscale=gathered.grayscale,
    )


def is_picture(name: PurePosixPath) -> bool:
    """Whether a file is meant: by its suffix, and not hidden, nor one of the shadows a Mac puts into its archives."""
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.parts)
    return not hidden and name.suffix.lower() in SUFFIXES


def _paths(folder: Path) -> list[Path]:
    """Links to files are followed, links to folders are not: they may lead in circles."""
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if is_picture(PurePosixPath(name, "a.png"))]
        paths = (Path(parent, name) for name in files)
        found += [path for path in paths if is_picture(PurePosixPath(path.name)) and path.is_file()]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())
