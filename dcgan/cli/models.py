"""The commands `import`, `export` and `models`: add a model, pass one on, list them."""

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
from dcgan.engine.renderer import Renderer
from dcgan.errors import CheckpointError
from dcgan.exporting import model_zip, write_onnx, write_tutorial_file
from dcgan.files import write_atomic
from dcgan.importing import import_file
from dcgan.store import NAME, ModelStore
from dcgan.web.take_home.bundle import card_path, file_stem, page_html, write_space


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "import",
        "Import a DCGAN that another program trained, such as the tutorial or pytorch/examples.",
        "import netG_epoch_24.pth --name celeba\nimport dcgan.pt --name mine",
        run_import,
    )
    parser.add_argument("file", type=Path, help="its weights: a .pth, .pt, .ckpt or .safetensors file")
    parser.add_argument("--name", required=True, help="the name of the new model")

    parser = add_command(
        commands,
        "export",
        "Take a model home: as a checkpoint, an HTML file, a static Space, for the tutorial, or as ONNX.",
        "export --model run:20261123-101500-doodles --name doodles\n"
        "export --model doodles --html doodles.html\nexport --model doodles --space doodles-space\n"
        "export --model run:first@64000 --zip first-64000.zip\n"
        "export --model doodles --pt doodles.pt --onnx doodles.onnx",
        run_export,
    )
    add_model(parser)
    parser.add_argument(
        "--name", help="store it among the models under this name, for example the newest snapshot of a run"
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write one HTML file that draws pictures in any browser, offline"
    )
    parser.add_argument(
        "--space", type=Path, metavar="FOLDER", help="write the same as a static Space for Hugging Face"
    )
    parser.add_argument(
        "--zip", type=Path, metavar="FILE", help="write a zip with both networks and the card, for another computer"
    )
    parser.add_argument(
        "--pt", type=Path, metavar="FILE", help="write a .pt file that the PyTorch tutorial's networks load"
    )
    parser.add_argument(
        "--onnx", type=Path, metavar="FILE", help="write the generator as ONNX, checked against PyTorch"
    )

    add_command(commands, "models", "List the models there are.", "models", run_models)


def run_import(args: argparse.Namespace) -> None:
    """Import a file of another program to checkpoints/NAME."""
    for path in import_file(args.file, store().checkpoints / args.name):
        print(f"wrote {path}")


def run_export(args: argparse.Namespace) -> None:
    """Write a model in each form that was asked for."""
    models = store()
    if not (args.name or args.html or args.space or args.zip or args.pt or args.onnx):
        raise CheckpointError(
            "Say what to export to: --name, --html, --space, --zip, --pt or --onnx; see `export --help`."
        )
    if args.name:
        print(f"wrote {_export_checkpoint(models, args.model, args.name)}")
    if args.html or args.space:
        page = page_html(models, Renderer(models, "cpu", can_write=lambda model: False), args.model)
        if args.html:
            write_atomic(args.html, page.encode())
            print(f"wrote {args.html}")
        if args.space:
            write_space(args.space, page, args.model, card_path(models, args.model))
            print(f"wrote {args.space}")
    if args.zip:
        write_atomic(args.zip, model_zip(models, args.model, file_stem(args.model)))
        print(f"wrote {args.zip}")
    if args.pt:
        discriminator = models.discriminator_path(args.model)
        D = load_discriminator(discriminator) if discriminator else None
        write_tutorial_file(args.pt, load_generator(models.generator_path(args.model)).G, D)
        print(f"wrote {args.pt}")
    if args.onnx:
        difference = write_onnx(args.onnx, load_generator(models.generator_path(args.model)).G)
        print(f"wrote {args.onnx}; its pictures differ from PyTorch's by at most {difference:.1g} (range −1 to 1)")


def _export_checkpoint(models: ModelStore, model: str, name: str) -> Path:
    """Store a model as checkpoints/NAME, without the folders of this computer in the name of its data set."""
    if not NAME.fullmatch(name):
        raise CheckpointError(f"{name!r} is not a valid model name; use letters, digits, '-', '_' and '.'.")
    folder, loaded = models.checkpoints / name, load_generator(models.generator_path(model))
    info = {**loaded.info, "data": without_folders(str(loaded.info.get("data", "")))}
    save_generator(folder / GENERATOR_FILE, loaded.G, info)
    discriminator = models.discriminator_path(model)
    if discriminator is not None:
        save_discriminator(folder / DISCRIMINATOR_FILE, load_discriminator(discriminator), info)
    return folder


def without_folders(spec: str) -> str:
    """Return "npy:faces?split=train" for "npy:/home/me/faces?split=train", so that a file reveals no folder names."""
    kind, colon, rest = spec.partition(":")
    path, mark, options = rest.partition("?")
    return f"{kind}{colon}{Path(path).name}{mark}{options}"


def run_models(args: argparse.Namespace) -> None:
    """Print a line for each model: name, size, number of training pictures seen, data set."""
    models = store()
    for name in models.names():
        loaded = load_generator(models.generator_path(name))
        c, count = loaded.config, pictures_seen(loaded.info)
        seen = f"{count:,} pictures of {loaded.info.get('data')}" if count else "imported"
        print(f"{name}\t{c.image_size} × {c.image_size} × {c.nc}, nz {c.nz}, ngf {c.ngf}\t{seen}")
