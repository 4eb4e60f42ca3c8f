"""`import`, `export`, `mend` and `models`: checkpoints in, out, made better, and by name."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from dcgan.checkpoint import (
    DISCRIMINATOR_FILE,
    GENERATOR_FILE,
    load_discriminator,
    load_generator,
    pictures_seen,
    save_discriminator,
    save_generator,
)
from dcgan.cli.common import Commands, add_command, add_model, store
from dcgan.data import open_dataset
from dcgan.errors import CheckpointError
from dcgan.importing import import_file
from dcgan.models import Discriminator, Generator
from dcgan.schema import check_number, check_whole
from dcgan.store import NAME
from dcgan.training.ema import mean_of
from dcgan.training.jury import Jury, load_jury, make_jury
from dcgan.training.mend import mend

MOST_LATENTS, MOST_STRENGTH = 1_000_000, 10.0


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "import",
        "Make a checkpoint of a file from the tutorial or pytorch/examples.",
        "import netG_epoch_24.pth --name celeba\nimport dcgan.pt --name mine",
        run_import,
    )
    parser.add_argument("file", type=Path, help=".pt, .pth or .safetensors")
    parser.add_argument("--name", required=True, help="the checkpoint's name")

    parser = add_command(
        commands,
        "export",
        "Make a checkpoint of a training run's newest snapshot.",
        "export --model run:20261123-101500-doodles --name doodles\n"
        "export --model run:a --with run:b run:c --name mean",
        run_export,
    )
    add_model(parser)
    parser.add_argument(
        "--with",
        dest="others",
        nargs="+",
        default=[],
        metavar="MODEL",
        help="models that came from the same one: G is the mean of all, D is --model's",
    )
    parser.add_argument("--name", required=True, help="the checkpoint's name")

    parser = add_command(
        commands,
        "mend",
        "Make a checkpoint of a model, its latent space bent away from what a jury finds broken.",
        "mend --model run:first --judged FOLDER --data npy:FACES --name mended\n"
        "mend --model faces --judged runs/first/jury.safetensors --strength 0.5 --name mended",
        run_mend,
    )
    add_model(parser)
    parser.add_argument(
        "--judged", type=Path, required=True, help="a folder of broken and whole pictures, or a run's jury.safetensors"
    )
    parser.add_argument("--data", help="the data set (default: the one the model names)")
    parser.add_argument("--latents", type=int, default=4000, help="how many are walked (default 4000)")
    parser.add_argument("--strength", type=float, default=1.0, help="how far it is bent (default 1)")
    parser.add_argument("--name", required=True, help="the checkpoint's name")

    add_command(commands, "models", "List the models there are.", "models", run_models)


def run_import(args: argparse.Namespace) -> None:
    """Reads a foreign file into checkpoints/NAME."""
    for path in import_file(args.file, store().checkpoints / args.name):
        print(f"wrote {path}")


def run_export(args: argparse.Namespace) -> None:
    """Stores a model's two networks as checkpoints/NAME; its data is named without the folders of this machine."""
    loaded, folder = load_generator(store().generator_path(args.model)), _new_folder(args.name)
    models = [loaded.G]
    for name in args.others:
        models.append(load_generator(store().generator_path(name)).G)
        if models[-1].config != loaded.config:
            raise CheckpointError(f"{name} has another shape than {args.model}; they have no mean.")
    _write(folder, mean_of(models), loaded.info, store().discriminator_path(args.model))


def run_mend(args: argparse.Namespace) -> None:
    """Stores a mended G, with the D of the model it was made of, as checkpoints/NAME."""
    loaded, folder = load_generator(store().generator_path(args.model)), _new_folder(args.name)
    path = store().discriminator_path(args.model)
    if path is None:
        raise CheckpointError(f"{args.model} has no discriminator, with whose eyes a jury could see.")
    check_whole(args.latents, "--latents", loaded.config.nz + 1, MOST_LATENTS)
    check_number(args.strength, "--strength", 0, MOST_STRENGTH)
    jury = _jury(load_discriminator(path), args, str(loaded.info.get("data", "")))
    with tqdm(total=args.latents, unit=" latents", disable=None) as bar:

        def show(done: int) -> None:
            bar.update(done - bar.n)

        G = mend(loaded.G, jury, args.latents, args.strength, show)
    _write(folder, G, {**loaded.info, "mended": args.strength}, path)


def _jury(D: Discriminator, args: argparse.Namespace, trained_on: str) -> Jury:
    """The jury of a file, or one that learns from a folder now; it charges nobody, so nothing is free."""
    if args.judged.is_file():
        return load_jury(args.judged, D)
    spec = args.data or trained_on
    if not spec:
        raise CheckpointError("The model names no data; say --data.")
    reals = open_dataset(spec, D.config.image_size, D.config.nc).pictures
    with tqdm(unit=" lessons", disable=None) as bar:

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(1)

        return make_jury(D, args.judged, reals, 0.0, show)


def _new_folder(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise CheckpointError(f"{name!r} is no name for a model; use letters, digits, '-', '_' and '.'.")
    return store().checkpoints / name


def _write(folder: Path, G: Generator, info: Mapping[str, Any], discriminator: Path | None) -> None:
    info = {**info, "data": without_folders(str(info.get("data", "")))}
    save_generator(folder / GENERATOR_FILE, G, info)
    if discriminator is not None:
        save_discriminator(folder / DISCRIMINATOR_FILE, load_discriminator(discriminator), info)
    print(f"wrote {folder}")


def without_folders(spec: str) -> str:
    """npy:/home/me/faces?split=train → npy:faces?split=train: a file that is passed on names nobody's folders."""
    kind, colon, rest = spec.partition(":")
    path, mark, options = rest.partition("?")
    return f"{kind}{colon}{Path(path).name}{mark}{options}"


def run_models(args: argparse.Namespace) -> None:
    """One line a model: name, size, pictures seen, data."""
    models = store()
    for name in models.names():
        loaded = load_generator(models.generator_path(name))
        c, count = loaded.config, pictures_seen(loaded.info)
        seen = f"{count:,} pictures of {loaded.info.get('data')}" if count else "imported"
        print(f"{name}\t{c.image_size} × {c.image_size} × {c.nc}, nz {c.nz}, ngf {c.ngf}\t{seen}")
