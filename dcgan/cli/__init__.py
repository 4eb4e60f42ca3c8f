"""The command line, `python -m dcgan COMMAND`.

Exit status: 0 success, 1 an error (one sentence on stderr), 2 wrong options, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from dcgan import __version__
from dcgan.cli import datasets, measure, models, nearest, photos, pictures, runs, speeds, timelapse, training
from dcgan.errors import DCGANError

DESCRIPTION = "Train a DCGAN, draw pictures and films with it, and measure it."


def make_parser() -> argparse.ArgumentParser:
    """Make the parser. Each module adds its commands; `run_command` is the function that runs the chosen one."""
    parser = argparse.ArgumentParser(prog="python -m dcgan", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"dcgan {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (training, runs, timelapse, pictures, photos, datasets, models, measure, speeds, nearest):
        module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
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
