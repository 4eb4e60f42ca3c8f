"""`import`, `export` and `models`: checkpoints in, out, and by name."""

from __future__ import annotations

import argparse
from pathlib import Path

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
from dcgan.errors import CheckpointError
from dcgan.importing import import_file
from dcgan.store import NAME


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "import",
        "Import a DCGAN that another program trained, such as the tutorial or pytorch/examples.",
        "import netG_epoch_24.pth --name celeba\nimport dcgan.pt --name mine",
        run_import,
    )
    parser.add_argument("file", type=Path, help="its weights: a .pth, .pt, .ckpt or .safetensors file")
    parser.add_argument("--name", required=True, help="the checkpoint's name")

    parser = add_command(
        commands,
        "export",
        "Make a checkpoint of a training run's newest snapshot.",
        "export --model run:20261123-101500-doodles --name doodles",
        run_export,
    )
    add_model(parser)
    parser.add_argument("--name", required=True, help="the checkpoint's name")

    add_command(commands, "models", "List the models there are.", "models", run_models)


def run_import(args: argparse.Namespace) -> None:
    """Reads a foreign file into checkpoints/NAME."""
    for path in import_file(args.file, store().checkpoints / args.name):
        print(f"wrote {path}")


def run_export(args: argparse.Namespace) -> None:
    """Stores a model's two networks as checkpoints/NAME; its data is named without the folders of this machine."""
    if not NAME.fullmatch(args.name):
        raise CheckpointError(f"{args.name!r} is no name for a model; use letters, digits, '-', '_' and '.'.")
    models = store()
    folder, loaded = models.checkpoints / args.name, load_generator(models.generator_path(args.model))
    info = {**loaded.info, "data": without_folders(str(loaded.info.get("data", "")))}
    save_generator(folder / GENERATOR_FILE, loaded.G, info)
    discriminator = models.discriminator_path(args.model)
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
