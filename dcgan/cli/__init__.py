"""The command line, `python -m dcgan …`: everything the page does, and what only a terminal needs.

Exit status: 0 done, 1 failed (one sentence on stderr), 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from dcgan import __version__
from dcgan.cli import datasets, measure, models, nearest, photos, pictures, timelapse, training
from dcgan.errors import DCGANError

DESCRIPTION = "Train a DCGAN, draw from it, film its latent space, measure it."


def make_parser() -> argparse.ArgumentParser:
    """The whole command line. Each module adds its own commands, with the function that runs them as `run_command`."""
    parser = argparse.ArgumentParser(prog="python -m dcgan", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"dcgan {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (training, timelapse, pictures, photos, datasets, models, measure, nearest):
        module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    args = make_parser().parse_args(arguments)
    try:
        status: int | None = args.run_command(args)
        return status or 0
    except DCGANError as error:
        print(f"dcgan: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dcgan: interrupted", file=sys.stderr)
        return 130
