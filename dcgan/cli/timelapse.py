"""`timelapse`: a film of a run's sample grids."""

from __future__ import annotations

import argparse
from pathlib import Path

from tqdm import tqdm

from dcgan.cli.common import Commands, add_command
from dcgan.engine.film_formats import FORMATS, write_film
from dcgan.engine.timelapse import GRIDS_PER_SECOND, check_face, choose_grids, count_frames, timelapse_frames
from dcgan.jobs.runs import sample_grids

EXAMPLES = """
timelapse runs/first --out film.mp4
timelapse runs/first --out face.gif --face 12
"""


def add_commands(commands: Commands) -> None:
    parser = add_command(commands, "timelapse", "Film how a run's faces grew.", EXAMPLES, run_timelapse)
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--out", type=Path, required=True, help=f"a file that ends in .{', .'.join(FORMATS)}")
    parser.add_argument("--face", type=int, metavar="N", help="one face of the 64, 0 to 63, enlarged (default: all)")


def run_timelapse(args: argparse.Namespace) -> None:
    """Write the film of a run's grids so far."""
    face, grids = check_face(args.face), choose_grids(sample_grids(args.run))
    count = count_frames(grids)
    progress = tqdm(timelapse_frames(grids, face), total=count, unit=" frames", leave=False, disable=None)
    write_film(progress, args.out, GRIDS_PER_SECOND)
    print(f"wrote {len(grids)} grids as {count} frames to {args.out}")
