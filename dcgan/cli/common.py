"""Shared by the commands: how a command is declared, where models are, and progress bars."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from tqdm import tqdm

from dcgan.data.dataset import OnProgress
from dcgan.data.spec import PATH_KINDS, parse
from dcgan.errors import RequestError
from dcgan.files import path_exists
from dcgan.store import ModelStore

# argparse gives its sub-commands no public type
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
RunCommand = Callable[[argparse.Namespace], int | None]


def add_command(commands: Commands, name: str, text: str, examples: str, run: RunCommand) -> argparse.ArgumentParser:
    """Add a command with one line of help, and examples below its options."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog="examples:\n" + "\n".join(f"  python -m dcgan {line}" for line in examples.strip().splitlines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run_command=run)
    return parser


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the option --model."""
    parser.add_argument(
        "--model", default="faces", help="the name of a model, run:ID, run:ID@NIMG or best:ID (default: faces)"
    )


def store() -> ModelStore:
    """Return the models of the folders DCGAN_CHECKPOINTS and DCGAN_RUNS (default: ./checkpoints and ./runs)."""
    return ModelStore(
        Path(os.environ.get("DCGAN_CHECKPOINTS", "checkpoints")), Path(os.environ.get("DCGAN_RUNS", "runs"))
    )


@contextmanager
def progress_bar(description: str, unit: str = " pictures") -> Iterator[OnProgress]:
    """Show a bar in a terminal during the block, which calls `on_progress(done, total)`; nothing elsewhere."""
    with tqdm(desc=description, unit=unit, leave=False, disable=None) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield on_progress


def training_data(model: str, named: str, given: str | None) -> str:
    """Return the data set `given` with --data, or else `named`, the one that the model's file names.

    An exported model names its data without a folder. Raises RequestError where it is not found here.
    """
    if given:
        return given
    if not named:
        raise RequestError(f"The model {model} does not say what it was trained on; name the data set with --data.")
    spec = parse(named)
    if spec.kind in PATH_KINDS and not path_exists(spec.target):
        raise RequestError(f"The model {model} was trained on {named}, which is not here; give its path with --data.")
    return named
