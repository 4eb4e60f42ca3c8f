"""The command `data`: describe a data set, draw a grid of its pictures, or convert it to an npy data set."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.torch import save_file

from dcgan.cli.common import Commands, add_command, progress_bar
from dcgan.data import Dataset, open_dataset
from dcgan.data.dataset import warn_of_few
from dcgan.data.decode import FORMAT_WORDS
from dcgan.data.picture_files import kinds_in_words
from dcgan.errors import DatasetError
from dcgan.files import write_atomic
from dcgan.images import encode, grid, to_pil

EXAMPLES = """
data doodles --out doodles.png
data npy:FOLDER --out grid.png
data zip:pictures.zip --size 128
data doodles:20000 --keep FOLDER
"""


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "data",
        "Look at a data set before training on it: counts, skipped files, a grid of 64.",
        EXAMPLES,
        run_data,
    )
    parser.add_argument("spec", help="a data set: doodles, npy:FOLDER, folder:PATH, zip:FILE or torchvision:NAME")
    parser.add_argument("--out", type=Path, help="a .png or .jpg file for a grid of 64 pictures")
    parser.add_argument("--size", type=int, default=64, help="side in pixels: 32, 64 or 128 (default 64)")
    parser.add_argument("--nc", type=int, choices=(1, 3), default=3, help="3 for colour, 1 for gray (default 3)")
    parser.add_argument("--keep", type=Path, help="a folder for all pictures as train.npy, to use as npy:FOLDER")


def run_data(args: argparse.Namespace) -> None:
    """Print a data set's description; write a grid and the whole set if asked to."""
    with progress_bar("reading") as on_progress:
        dataset = open_dataset(args.spec, args.size, args.nc, on_progress)
    print(f"{dataset.name}: {dataset.count:,} pictures of {dataset.original_size}. {dataset.source}")
    for line in dataset.skipped[:10]:
        print(f"skipped {line}")
    if len(dataset.skipped) > 10:
        print(f"… and {len(dataset.skipped) - 10:,} more skipped")
    if dataset.other_kinds:
        print(f"skipped: {kinds_in_words(dataset.other_kinds)}, which are not {FORMAT_WORDS}")
    if warning := warn_of_few(dataset.count):
        print(warning)
    if args.out:
        fmt = "jpeg" if args.out.suffix.lower() in (".jpg", ".jpeg") else "png"
        write_atomic(args.out, encode(to_pil(grid(dataset.pictures[:64], 8)), fmt))
        print(f"wrote {args.out}")
    if args.keep:
        _write_npy(dataset, args.keep)
        print(f"wrote {args.keep / 'train.npy'}; train on it with --data npy:{args.keep}")


def _write_npy(dataset: Dataset, folder: Path) -> None:
    """Write the pictures as train.npy, height × width × channels × count, and the factors of doodles beside it."""
    target = folder / "train.npy"
    if target.exists():
        raise DatasetError(f"{target} exists already; choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    if dataset.factors:
        save_file(dict(dataset.factors), folder / "factors.safetensors")
    partial = folder / "train.partial.npy"
    np.save(partial, dataset.pictures.permute(2, 3, 1, 0).numpy())
    partial.replace(target)
