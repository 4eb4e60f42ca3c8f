"""`data`: look at a data set before training on it, and keep a set of doodles."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.torch import save_file
from tqdm import tqdm

from dcgan.cli.common import Commands, add_command
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
    parser = add_command(commands, "data", "Preview any data set: its counts, and a grid of 64.", EXAMPLES, run_data)
    parser.add_argument("spec", help="doodles, npy:FOLDER, folder:PATH, zip:FILE, torchvision:NAME")
    parser.add_argument("--out", type=Path, help="write a grid of 64 pictures, .png or .jpg")
    parser.add_argument("--size", type=int, default=64, help="side of the pictures: 32, 64 or 128 (default 64)")
    parser.add_argument("--nc", type=int, choices=(1, 3), default=3, help="channels: 1 gray, 3 colour (default 3)")
    parser.add_argument("--keep", type=Path, help="write all pictures to this folder as train.npy, for npy:FOLDER")


def run_data(args: argparse.Namespace) -> None:
    """Prints what a data set holds; writes its grid, and the set itself, where asked to."""
    with tqdm(unit=" pictures", desc="reading", leave=False, disable=None) as bar:

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        dataset = open_dataset(args.spec, args.size, args.nc, show)
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
        _keep(dataset, args.keep)
        print(f"wrote {args.keep / 'train.npy'}; train on it with --data npy:{args.keep}")


def _keep(dataset: Dataset, folder: Path) -> None:
    """Pictures as height × width × channels × count, which npy: reads back; the factors of doodles beside them."""
    target = folder / "train.npy"
    if target.exists():
        raise DatasetError(f"{target} exists already; choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    if dataset.factors:
        save_file(dict(dataset.factors), folder / "factors.safetensors")
    partial = folder / "train.partial.npy"
    np.save(partial, dataset.pictures.permute(2, 3, 1, 0).numpy())
    partial.replace(target)
