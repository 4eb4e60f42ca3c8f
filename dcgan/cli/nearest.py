"""The command `index`: make the index of a model's training pictures, with which the page detects copies."""

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
from dcgan.data.dataset import OnProgress
from dcgan.folded import FoldedGenerator

EXAMPLES = """
index --model faces --data npy:FOLDER
index --model run:ID
"""

BeginStage = Callable[[str], OnProgress]  # name of a stage → its on_progress


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "index",
        "Index a model's training pictures, so that the page shows the nearest one to a face.",
        EXAMPLES,
        run_index,
    )
    add_model(parser)
    parser.add_argument(
        "--data", help="the data set it was trained on (default: the one that the model's file names, if it is here)"
    )
    parser.add_argument(
        "--out", type=Path, help="the file of the index (default: nearest.safetensors beside the model)"
    )
    # used by the page, which shows the progress and ends the command when it ends itself
    parser.add_argument("--lines", action="store_true", help="print progress as lines of JSON")
    parser.add_argument("--nice", type=int, default=0, help="add this to the niceness of the process")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input closes")


def run_index(args: argparse.Namespace) -> None:
    """Write the index of a model."""
    # imported here, because they load libraries that no other command needs
    from dcgan.metrics.evaluate import sample_pictures
    from dcgan.metrics.features import trained_extractor
    from dcgan.metrics.nearest import SAMPLES, make_index, save_index
    from dcgan.metrics.split import split_dataset

    if args.nice:
        os.nice(args.nice)
    if args.stop_with_stdin:
        threading.Thread(target=_exit_with_stdin, daemon=True).start()
    models = store()
    loaded = load_generator(models.generator_path(args.model))
    data = training_data(args.model, str(loaded.info.get("data", "")), args.data)
    out = args.out or models.nearest_path(args.model)
    with _stages(args.lines) as begin_stage:
        split = split_dataset(
            data, loaded.config.image_size, loaded.config.nc, begin_stage("reading the training pictures")
        )
        begin_stage("drawing faces")(0, SAMPLES)
        samples = sample_pictures(loaded.G, SAMPLES)
        fingerprint = FoldedGenerator(loaded.G).fingerprint()
        index = make_index(
            split, trained_extractor(), samples, fingerprint, begin_stage("comparing the training pictures")
        )
    save_index(out, index)
    indexed, size = len(index.features), out.stat().st_size / 2**20
    if not args.lines:
        print(f"wrote {out}: {indexed:,} of {index.about.count:,} pictures, {size:.1f} MiB; {index.about.note}")


@contextmanager
def _stages(lines: bool) -> Iterator[BeginStage]:
    """Yield a function that begins a stage and returns its `on_progress`, which shows a bar or prints JSON lines."""
    if lines:

        def print_lines(stage: str) -> OnProgress:
            return lambda done, total: print(
                json.dumps({"doing": stage, "progress": round(done / total, 3)}), flush=True
            )

        yield print_lines
        return
    with tqdm(unit=" pictures", leave=False, disable=None) as bar:

        def show_bar(stage: str) -> OnProgress:
            def on_progress(done: int, total: int) -> None:
                bar.set_description(stage, refresh=False)
                bar.total, bar.n = total, done
                bar.refresh()

            return on_progress

        yield show_bar


def _exit_with_stdin() -> None:
    """Exit when standard input closes, which happens however the process that started this one ends."""
    sys.stdin.buffer.read()
    os._exit(1)
