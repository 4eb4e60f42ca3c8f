"""`index`: the features of a model's training pictures, by which the page tells whether a face is a copy."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from dcgan.checkpoint import load_generator
from dcgan.cli.common import Commands, add_command, add_model, store, training_data
from dcgan.folded import FoldedGenerator

EXAMPLES = """
index --model faces --data npy:FOLDER
index --model run:ID
"""

Tell = Callable[[str], Callable[[int, int], None]]  # what is being done → (done, of) → None


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "index",
        "Index a model's training pictures, so that the page can say how near a face comes to them.",
        EXAMPLES,
        run_index,
    )
    add_model(parser)
    parser.add_argument("--data", help="the data set it was trained on (default: what the model's file names)")
    parser.add_argument("--out", type=Path, help="the file to write (default: nearest.safetensors beside the model)")
    # For the page, which shows the progress and must leave no orphan behind:
    parser.add_argument("--lines", action="store_true", help="tell the progress in lines of JSON")
    parser.add_argument("--nice", type=int, default=0, help="lower this process's priority by so much")
    parser.add_argument("--stop-with-stdin", action="store_true", help="give up when standard input closes")


def run_index(args: argparse.Namespace) -> None:
    """Writes the index of one model."""
    # imported where they run: they pull in what no other command needs
    from dcgan.metrics.evaluate import sample_pictures
    from dcgan.metrics.features import trained_extractor
    from dcgan.metrics.nearest import SAMPLES, make_index, save_index
    from dcgan.metrics.split import split_dataset

    if args.nice:
        os.nice(args.nice)
    if args.stop_with_stdin:
        threading.Thread(target=_leave_with_stdin, daemon=True).start()
    models = store()
    loaded = load_generator(models.generator_path(args.model))
    data = training_data(args.model, str(loaded.info.get("data", "")), args.data)
    out = args.out or models.nearest_path(args.model)
    with _telling(args.lines) as tell:
        split = split_dataset(data, loaded.config.image_size, loaded.config.nc, tell("reading the training pictures"))
        tell("drawing faces")(0, SAMPLES)
        samples = sample_pictures(loaded.G, SAMPLES)
        fingerprint = FoldedGenerator(loaded.G).fingerprint()
        index = make_index(split, trained_extractor(), samples, fingerprint, tell("comparing the training pictures"))
    save_index(out, index)
    indexed, size = len(index.features), out.stat().st_size / 2**20
    if not args.lines:
        print(f"wrote {out}: {indexed:,} of {index.about.count:,} pictures, {size:.1f} MiB; {index.about.note}")


@contextmanager
def _telling(lines: bool) -> Iterator[Tell]:
    """Progress as a bar for a person, or as lines for the page."""
    if lines:

        def say(doing: str) -> Callable[[int, int], None]:
            return lambda done, of: print(json.dumps({"doing": doing, "progress": round(done / of, 3)}), flush=True)

        yield say
        return
    with tqdm(unit=" pictures", leave=False, disable=None) as bar:

        def show(doing: str) -> Callable[[int, int], None]:
            def step(done: int, of: int) -> None:
                bar.set_description(doing, refresh=False)
                bar.total, bar.n = of, done
                bar.refresh()

            return step

        yield show


def _leave_with_stdin() -> None:
    """Whoever started us holds the other end of our standard input: it closes however that process ends."""
    sys.stdin.buffer.read()
    os._exit(1)
